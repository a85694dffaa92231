/** What must come through a translation unchanged, and did not. */
export interface Loss {
  /** Numbers, with their units where they have one: "5 mg". */
  amounts: string[];
  /** Names of people and products, codes such as HbA1c, addresses on the web. */
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
/** A capitalised word, unless the label of a form's next field begins with it. */
const NAME = String.raw`\p{Lu}[\p{L}'’-]+(?![\p{L}'’-]|(?:[ \t]\p{Ll}+){0,3}:)`;
/** Up to three words after a title, or after what a form calls a person. */
const PERSON = new RegExp(
  String.raw`(?:\b(?:Dr|Mr|Mrs|Ms|Miss|Prof|Sr|Sra)\.?|\b(?:Patient|Name|Surname|Doctor|Consultant|Surgeon|Nurse|GP):)` +
    String.raw`[ \t]+(${NAME}(?:[ \t]+${NAME}){0,2})`,
  'gu',
);
/** Anne-Marie, Smith-Jones. */
const DOUBLE_NAME = /(?<![\p{L}\d-])\p{Lu}\p{Ll}+-\p{Lu}\p{Ll}+(?![\p{L}\d-])/gu;
/** WARFARIN among small letters; what is shorter is an abbreviation, which languages have their own of. */
const SHOUTED = /(?<=\p{Ll}[^.!?:\n]*\s)\p{Lu}{5,}(?![\p{L}\d])/gu;
/** Several capitalised words inside a sentence: a person, place or product, perhaps in part translated. */
const PROPER = new RegExp(
  String.raw`(?<=(?<!\p{L})\p{Ll}+,?[ \t])${NAME}(?:[ \t]+(?:of[ \t]+|de[ \t]+)?${NAME})+`,
  'gu',
);
const CODE = /(?<![\p{L}\d])(?=[\p{L}\d-]*\d)(?=[\p{L}\d-]*\p{L})\p{L}[\p{L}\d-]+(?![\p{L}\d])/gu;
const ADDRESS = /\b(?:https?:\/\/|www\.)[^\s)>\]]+|[\w.+-]+@[\w-]+\.[\w.]+/gu;

/**
 * Compares a text with its translation: which amounts and names of the text are missing in it.
 * A decimal comma counts as a decimal point, as languages differ there.
 */
export function findLoss(text: string, translation: string): Loss {
  return {
    amounts: missing(amountsOf(text), amountsOf(translation)),
    names: missingNames(text, translation),
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

function missingNames(text: string, translation: string): string[] {
  const [plain, translated] = [normalise(text), normalise(translation)];
  const people = [...plain.matchAll(PERSON)].flatMap(([, name = '']) => name.split(/\s+/));
  const whole = [DOUBLE_NAME, CODE, ADDRESS].flatMap((kind) => plain.match(kind) ?? []);
  const shown = translated.toLowerCase();
  const shouted = plain.match(SHOUTED) ?? [];
  const proper = plain.match(PROPER) ?? [];
  return [
    ...missing([...people, ...whole], wordsOf(translated)),
    ...shouted.filter((word) => !shown.includes(word.toLowerCase())),
    // "Quillhaven General Hospital" may become "Hospital General de Quillhaven".
    ...proper.filter((name) =>
      name.split(/\s+/).every((word) => !shown.includes(word.toLowerCase())),
    ),
  ];
}

function wordsOf(plain: string): string[] {
  const words = plain.match(/[\p{L}\d'’-]+/gu) ?? [];
  return [...words, ...[...plain.matchAll(ADDRESS)].map(([all]) => all)];
}

/** A space that does not break, between thousands. */
const THOUSANDS_SPACE = /(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))/g;

/** The signs for "micro", thousands and "no break here" come in several forms. */
function normalise(text: string): string {
  return text.replaceAll(THOUSANDS_SPACE, '.').normalize('NFKC').replaceAll('μ', 'µ');
}

/** Of `wanted`, those that `found` has fewer of, in whichever letters. */
function missing(wanted: readonly string[], found: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const item of found.map((text) => text.toLowerCase()))
    left.set(item, (left.get(item) ?? 0) + 1);
  return wanted.filter((item) => {
    const count = left.get(item.toLowerCase()) ?? 0;
    left.set(item.toLowerCase(), count - 1);
    return count <= 0;
  });
}
