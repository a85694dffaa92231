/** A figure from independent replications, with its 95 % confidence interval. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
}

/** Mean of at least three independent figures, with Student's interval around it. */
export function estimate(figures: readonly number[]): Estimate {
  const count = figures.length;
  const value = figures.reduce((sum, figure) => sum + figure, 0) / count;
  const squares = figures.reduce((sum, figure) => sum + (figure - value) ** 2, 0);
  const half = studentQuantile(count - 1) * Math.sqrt(squares / (count - 1) / count);
  return { value, low: Math.max(0, value - half), high: value + half };
}

/** 97.5 % quantile of Student's t by its expansion in 1/n (Abramowitz and Stegun 1964, 26.7.5). */
function studentQuantile(degreesOfFreedom: number): number {
  const n = degreesOfFreedom;
  return 1.959964 + 2.372271 / n + 2.822499 / n ** 2 + 2.555852 / n ** 3 + 1.589536 / n ** 4;
}
