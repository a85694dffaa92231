import type { core, ZodType } from 'zod';
import { DswError } from '../errors.js';
import { hideCredentials } from './addresses.js';
import type { Source } from './yaml-source.js';

/** More lines than this help nobody. */
const MAX_PROBLEMS = 8;

/** A field with a good value, as it may be written: `cores: 4`. */
export type ExampleOf = (path: readonly PropertyKey[]) => string | undefined;

/**
 * Checks a value against a schema.
 * @param exampleOf what to show to whoever got a field wrong. Default: nothing.
 * @returns the parsed value with the schema's defaults filled in.
 * @throws DswError `config`: a line for each problem: where, what was expected, what was got, what to
 *   write.
 */
export function validate<T>(
  schema: ZodType<T>,
  source: Source,
  exampleOf: ExampleOf = () => undefined,
): T {
  const result = schema.safeParse(source.value ?? {});
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => describeIssue(issue, source, exampleOf));
  const shown = problems.slice(0, MAX_PROBLEMS);
  if (problems.length > shown.length) shown.push(`(and ${problems.length - shown.length} more)`);
  throw new DswError('config', shown.join('\n'));
}

function describeIssue(issue: core.$ZodIssue, source: Source, exampleOf: ExampleOf): string[] {
  const line = (path: readonly PropertyKey[], text: string): string =>
    `${source.where(path)}: ${text}`;
  if (issue.code === 'unrecognized_keys') {
    const advice = issue.message.split('\n');
    return issue.keys.map((key, i) => line([...issue.path, key], advice[i] ?? issue.message));
  }
  // A name in a group whose names are the user's: "schedules".
  if (issue.code === 'invalid_key') {
    const [problem] = issue.issues;
    const name = String(issue.path.at(-1));
    return [line(issue.path, `expected ${problem?.message ?? 'another name'}, got "${name}"`)];
  }
  const deepest = deepestOfUnion(issue);
  if (deepest) return describeIssue(deepest, source, exampleOf);
  const value = valueAt(source.value, issue.path);
  const got = gotByRefinement(issue);
  if (got !== undefined) return [line(issue.path, `expected ${issue.message}, got ${got}`)];
  // A refinement of ours may well want a unit: "30s".
  const advice = adviceFor(issue.code === 'custom' ? undefined : value, exampleOf(issue.path));
  return [line(issue.path, `expected ${expectation(issue)}, got ${describeValue(value)}${advice}`)];
}

/** What a refinement of ours makes of the value, where that says more than the value itself. */
function gotByRefinement(issue: core.$ZodIssue): string | undefined {
  const got: unknown = issue.code === 'custom' ? issue.params?.got : undefined;
  return typeof got === 'string' ? got : undefined;
}

function adviceFor(value: unknown, example: string | undefined): string {
  const withUnit = typeof value === 'string' && /^[\d.,]+ *[a-z%]+$/i.test(value);
  const bare = withUnit ? '; a number alone: its unit is in the name of the field' : '';
  return example === undefined ? bare : `${bare}; for example ${example}`;
}

/** Of a union's alternatives, the problem that lies furthest in: the form the user was writing. */
function deepestOfUnion(issue: core.$ZodIssue): core.$ZodIssue | undefined {
  if (issue.code !== 'invalid_union') return undefined;
  const deepest = issue.errors.flat().sort((a, b) => b.path.length - a.path.length)[0];
  if (!deepest || deepest.path.length === 0) return undefined;
  return { ...deepest, path: [...issue.path, ...deepest.path] };
}

const TYPE_WORDS: Record<string, string> = {
  number: 'a number',
  int: 'a whole number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of fields',
  record: 'a group of fields',
};

function expectation(issue: core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPE_WORDS[issue.expected] ?? issue.expected;
    case 'too_small':
      if (issue.exact) return `exactly ${issue.minimum}${unitOf(issue.origin)}`;
      return `${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${unitOf(issue.origin)}`;
    case 'too_big':
      if (issue.exact) return `exactly ${issue.maximum}${unitOf(issue.origin)}`;
      return `${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}${unitOf(issue.origin)}`;
    case 'invalid_value':
      return `one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'invalid_union':
      if (issue.message !== 'Invalid input') return issue.message;
      return [...new Set(issue.errors.flat().map(expectation))].join(' or ') || issue.message;
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    default:
      // A refinement of ours: its message completes "expected …".
      return issue.message;
  }
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters';
  if (origin === 'array' || origin === 'set') return ' entries';
  return '';
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    root,
  );
}

function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'an empty field';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    return describeNumbers(value) ?? 'a group of fields';
  }
  const shown = typeof value === 'number' ? String(value) : JSON.stringify(value);
  const text = hideCredentials(shown);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** A small group of numbers, written out: no secret is a number. */
function describeNumbers(value: unknown): string | undefined {
  const fields = Object.entries(value ?? {});
  const isSmall = fields.length > 0 && fields.length <= 4;
  if (!isSmall || fields.some(([, field]) => typeof field !== 'number')) return undefined;
  return `{ ${fields.map(([key, field]) => `${key}: ${String(field)}`).join(', ')} }`;
}
