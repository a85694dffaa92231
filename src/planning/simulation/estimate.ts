/** A figure from independent runs, with its 95 % confidence interval. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
}

/**
 * A figure of all runs together with Student's interval around it, on a scale of factors, as such
 * figures stray further upwards than down.
 * @param value of all runs, at least 0.
 * @param without the same of all but one run, for each of at least three.
 */
export function estimate(value: number, without: readonly number[]): Estimate {
  const count = without.length;
  const mean = without.reduce((sum, figure) => sum + figure, 0) / count;
  const squares = without.reduce((sum, figure) => sum + (figure - mean) ** 2, 0);
  const half = studentQuantile(count - 1) * Math.sqrt((squares * (count - 1)) / count);
  if (value <= 0) return { value: 0, low: 0, high: half };
  const factor = Math.exp(half / value);
  return { value, low: value / factor, high: value * factor };
}

/** 97.5 % quantile of Student's t by its expansion in 1/n (Abramowitz and Stegun 1964, 26.7.5). */
function studentQuantile(degreesOfFreedom: number): number {
  const n = degreesOfFreedom;
  return 1.959964 + 2.372271 / n + 2.822499 / n ** 2 + 2.555852 / n ** 3 + 1.589536 / n ** 4;
}
