import * as z from 'zod';
import { parseDuration } from './parse-duration.js';

/** A length of time: "500ms", "30s", "15m", "6h", "1d", or a number of seconds. Parsed to seconds. */
export function durationSeconds(atLeast: number, atMost: number) {
  return z
    .union([z.string(), z.number()])
    .transform((given) => (typeof given === 'number' ? given : parseDuration(given)))
    .refine(
      (seconds) => seconds >= atLeast && seconds <= atMost,
      `a length of time such as "30s", "15m" or "6h", from ${atLeast} s to ${atMost / 86_400} d`,
    );
}
