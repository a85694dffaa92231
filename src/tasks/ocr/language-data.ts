import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { packageRoot } from '../../config/package-root.js';
import { UnrecoverableError } from '../contract.js';

/** Trained data of one language. */
export interface LanguageData {
  code: string;
  bytes: Buffer;
}

/** Where to look for trained data beside project and dsw. */
export interface LanguageFolders {
  /** Which of the models in an npm data package; or, with a slash, a folder to look in first. */
  model: string;
  /** A folder to look in last. */
  langPath?: string | undefined;
}

/** Tesseract's codes, such as "eng" or "chi_sim"; scripts such as "Latin". */
const CODE = /^\w+$/;
/** Where npm has a package for each language. */
const DATA_SCOPE = '@tesseract.js-data';

/**
 * Reads the trained data of languages such as "eng+deu" from disk; nothing is downloaded.
 * @throws UnrecoverableError naming the package to install, and where.
 */
export async function readLanguages(
  languages: string,
  folders: LanguageFolders,
): Promise<LanguageData[]> {
  return Promise.all(
    languages.split('+').map(async (code) => {
      const file = findLanguage(code, folders);
      if (file === undefined) throw new UnrecoverableError(missingLanguage(code, languages));
      const bytes = await readFile(file);
      return { code, bytes: file.endsWith('.gz') ? gunzipSync(bytes) : bytes };
    }),
  );
}

/** Those of "eng+deu" that have no data here, each as a line that says what to do about it. */
export function missingLanguages(languages: string, folders: LanguageFolders): string[] {
  return languages
    .split('+')
    .filter((code) => findLanguage(code, folders) === undefined)
    .map((code) => missingLanguage(code, languages));
}

/** Codes of all languages that have data here, in alphabetical order. */
export function listLanguages(folders: LanguageFolders): string[] {
  const { model, langPath } = folders;
  const places = [process.cwd(), packageRoot()];
  const files = [
    ...places,
    ...(model.includes('/') ? [model] : []),
    ...(langPath ? [langPath] : []),
  ]
    .flatMap(namesIn)
    .flatMap((name) => /^(\w+)\.traineddata(\.gz)?$/.exec(name)?.[1] ?? []);
  const packages = places
    .flatMap((from) => createRequire(join(from, 'any.js')).resolve.paths(DATA_SCOPE) ?? [])
    .flatMap((folder) => namesIn(join(folder, DATA_SCOPE)));
  return [...new Set([...files, ...packages])]
    .filter((code) => findLanguage(code, folders) !== undefined)
    .sort();
}

function missingLanguage(code: string, languages: string): string {
  if (!CODE.test(code)) return `expected a language such as "eng" or "eng+deu", got "${languages}"`;
  return (
    `no data for language "${code}": npm install ${DATA_SCOPE}/${code} in ${process.cwd()}, ` +
    `or put ${code}.traineddata there or in --lang-path`
  );
}

/**
 * The data file of a language: a traineddata file or an npm data package in the project (the
 * working folder), then beside dsw, then in `langPath`. A model that is a folder comes before all.
 */
function findLanguage(code: string, { model, langPath }: LanguageFolders): string | undefined {
  if (!CODE.test(code)) return undefined;
  const isFolder = model.includes('/');
  const files = [
    ...(isFolder ? filesIn(model, code) : []),
    ...[process.cwd(), packageRoot()].flatMap((from) => [
      ...filesIn(from, code),
      ...packaged(from, code, isFolder ? '4.0.0_best_int' : model),
    ]),
    ...(langPath === undefined ? [] : filesIn(langPath, code)),
  ];
  return files.find((file) => existsSync(file));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function filesIn(folder: string, code: string): string[] {
  return [`${code}.traineddata`, `${code}.traineddata.gz`].map((name) => resolve(folder, name));
}

/** The file in the npm data package as seen from a folder: its own one, or one above it. */
function packaged(from: string, code: string, model: string): string[] {
  try {
    const { resolve } = createRequire(join(from, 'any.js'));
    const folder = dirname(resolve(`${DATA_SCOPE}/${code}/package.json`));
    return [join(folder, model, `${code}.traineddata.gz`)];
  } catch {
    return [];
  }
}
