const UNIT_SECONDS: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds of "500ms", "30s", "15m", "6h" or "1d"; NaN for anything else. */
export function parseDuration(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(text.trim()) ?? [];
  // Whole milliseconds: what is due must not drift by fractions.
  return Math.round(Number(amount) * (UNIT_SECONDS[unit] ?? NaN) * 1000) / 1000;
}
