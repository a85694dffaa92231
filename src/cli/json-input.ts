import { readFileSync } from 'node:fs';
import { DswError, fileProblem, messageOf } from '../errors.js';

/**
 * A task's input from the command line: JSON, or @ and the file that holds it.
 * @throws DswError `usage` when it is no JSON object.
 */
export function readJsonInput(given: string): Record<string, unknown> {
  const value = parseJson(given.startsWith('@') ? readText(given.slice(1)) : given);
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new DswError(
    'usage',
    `--input: expected a JSON object such as '{"pages":3}', or @ and a file that holds one`,
  );
}

/** undefined for what is no JSON: what the parser says of it repeats the text. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new DswError('usage', `--input: ${path}: ${fileProblem(error) ?? messageOf(error)}`, {
      cause: error,
    });
  }
}
