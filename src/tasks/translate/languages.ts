import { DswError } from '../../errors.js';

/** What is translated into what, as BCP 47 tags: "en", "es", "pt-BR". */
export interface Direction {
  from: string;
  to: string;
}

/** Tesseract's names for scripts of one language, which Intl does not know. */
const SCRIPTS: Record<string, string> = { chi_sim: 'zh-Hans', chi_tra: 'zh-Hant' };

/**
 * The BCP 47 tag of a language under any of its codes: "eng", "en" and "ENG" are "en".
 * @throws DswError `refused` when it is no language code.
 */
export function languageTag(code: string): string {
  const known = SCRIPTS[code];
  if (known !== undefined) return known;
  const tag = canonical(code);
  if (tag !== undefined) return tag;
  throw new DswError(
    'refused',
    `expected a language code such as "es" or "spa", got ${JSON.stringify(code)}`,
  );
}

/** Whether two codes mean the same language. */
export function sameLanguage(a: string, b: string): boolean {
  return canonical(a) === canonical(b);
}

/** What people call a language: "Spanish". */
export function languageName(tag: string): string {
  return new Intl.DisplayNames('en', { type: 'language' }).of(tag) ?? tag;
}

function canonical(code: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(code.replace('_', '-'))[0];
  } catch {
    return undefined;
  }
}
