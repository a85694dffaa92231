import * as z from 'zod';
import { didYouMean } from './did-you-mean.js';

/** An object schema that refuses unknown fields, with one line of advice for each of them. */
export function strictObject<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => unknownField(key, known)).join('\n')
        : undefined,
  });
}

function unknownField(key: string, known: readonly string[]): string {
  const guess = didYouMean(key, known);
  return guess
    ? `unknown field; did you mean "${guess}"?`
    : `unknown field; known here: ${known.join(', ')}`;
}
