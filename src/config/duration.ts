import * as z from 'zod';

const UNIT_SECONDS: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

/** A length of time: "500ms", "30s", "15m", "6h", "1d", or a number of seconds. Parsed to seconds. */
export function durationSeconds(atLeast: number, atMost: number) {
  return z
    .union([z.string(), z.number()])
    .transform((given) => (typeof given === 'number' ? given : parse(given)))
    .refine(
      (seconds) => seconds >= atLeast && seconds <= atMost,
      `a length of time such as "30s", "15m" or "6h", from ${atLeast} s to ${atMost / 86_400} d`,
    );
}

function parse(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(text.trim()) ?? [];
  // Whole milliseconds: what is due must not drift by fractions.
  return Math.round(Number(amount) * (UNIT_SECONDS[unit] ?? NaN) * 1000) / 1000;
}
