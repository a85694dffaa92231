import { readFileSync } from 'node:fs';

/** Rows of a file of reference values; test/fixtures/oracle/README.md says what they mean. */
export function readOracle(name: string): unknown {
  const path = new URL(`../fixtures/oracle/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** |actual/expected − 1|, or |actual| when 0 is expected. */
export function relativeError(actual: number, expected: number | string): number {
  const reference = Number(expected);
  return reference === 0 ? Math.abs(actual) : Math.abs(actual / reference - 1);
}

/** A number written as a fraction, such as 3/4. */
export function fraction(text: string): number {
  const [numerator, denominator] = text.split('/');
  return Number(numerator) / Number(denominator ?? 1);
}
