/** What must come through a translation unchanged, and did not. */
export interface Loss {
  /** Numbers, with their units where they have one: "5 mg". */
  amounts: string[];
  /** Names after a title, codes such as HbA1c, addresses on the web. */
  names: string[];
}

const UNITS = [
  ...['mcg', 'µg', 'mg', 'kg', 'g', 'ml', 'mL', 'dl', 'dL', 'l', 'L', 'mmol', 'mol', 'mEq'],
  ...['mmHg', 'kPa', 'IU', 'kcal', 'kJ', 'bpm', 'mm', 'cm', 'm', 'km', 'Hz', '°C', '°F', '%'],
];
const NUMBER = String.raw`\d+(?:[.,:/\-–]\d+)*`;
const UNIT = [...UNITS].sort((a, b) => b.length - a.length).join('|');
const AMOUNT = new RegExp(
  String.raw`(?<![\p{L}\d])(${NUMBER})(?:\s?((?:${UNIT})(?:/(?:${UNIT}|\p{L}+))?)(?![\p{L}\d]))?`,
  'gu',
);
const TITLED_NAME = /\b(?:Dr|Mr|Mrs|Ms|Prof|Sr|Sra)\.?\s+(\p{Lu}[\p{L}'’-]+)/gu;
const CODE = /(?<![\p{L}\d])(?=[\p{L}\d-]*\d)(?=[\p{L}\d-]*\p{L})\p{L}[\p{L}\d-]+(?![\p{L}\d])/gu;
const ADDRESS = /\b(?:https?:\/\/|www\.)[^\s)>\]]+|[\w.+-]+@[\w-]+\.[\w.]+/gu;

/**
 * Compares a text with its translation: which amounts and names of the text are missing in it.
 * A decimal comma counts as a decimal point, as languages differ there.
 */
export function findLoss(text: string, translation: string): Loss {
  return {
    amounts: missing(amountsOf(text), amountsOf(translation)),
    names: missing(namesOf(text), wordsOf(translation)),
  };
}

/** True when nothing is missing. */
export function isLossless({ amounts, names }: Loss): boolean {
  return amounts.length === 0 && names.length === 0;
}

function amountsOf(text: string): string[] {
  return [...normalise(text).matchAll(AMOUNT)].map(([, number = '', unit]) => {
    const plain = number.replaceAll(',', '.').replaceAll('–', '-');
    return unit === undefined ? plain : `${plain} ${measureOf(unit)}`;
  });
}

/** What is per a unit stays so; what is per a word ("mg/day") has its word translated. */
function measureOf(unit: string): string {
  const [measure = '', per] = unit.split('/');
  return per !== undefined && UNITS.includes(per) ? unit : measure;
}

function namesOf(text: string): string[] {
  const plain = normalise(text);
  const codes = [...plain.matchAll(CODE), ...plain.matchAll(ADDRESS)].map(([all]) => all);
  return [...[...plain.matchAll(TITLED_NAME)].map(([, name = '']) => name), ...codes];
}

function wordsOf(text: string): string[] {
  const plain = normalise(text);
  const words = plain.match(/[\p{L}\d'’-]+/gu) ?? [];
  return [...words, ...[...plain.matchAll(ADDRESS)].map(([all]) => all)];
}

/** The signs for "micro" and "no break here" come in several forms. */
function normalise(text: string): string {
  return text.normalize('NFKC').replaceAll('μ', 'µ');
}

/** Of `wanted`, those that `found` has fewer of. */
function missing(wanted: readonly string[], found: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const item of found) left.set(item, (left.get(item) ?? 0) + 1);
  return wanted.filter((item) => {
    const count = left.get(item) ?? 0;
    left.set(item, count - 1);
    return count <= 0;
  });
}
