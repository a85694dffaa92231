import { readFileSync } from 'node:fs';
import { DswError, messageOf } from '../errors.js';

/**
 * A task's input from the command line: JSON, or @ and the file that holds it.
 * @throws DswError `usage` when it is no JSON object.
 */
export function readJsonInput(given: string): Record<string, unknown> {
  let value: unknown;
  try {
    const text = given.startsWith('@') ? readFileSync(given.slice(1), 'utf8') : given;
    value = JSON.parse(text);
  } catch (error) {
    const reason = messageOf(error);
    throw new DswError('usage', `--input: expected JSON or @file: ${reason}`, { cause: error });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new DswError('usage', `--input: expected a JSON object such as '{"pages":3}'`);
}
