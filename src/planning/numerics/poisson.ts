import { log1pMinus } from './log1p-minus.js';

/** Up to here powers and factorials are exact enough, and Stirling's series is not yet. */
const DIRECT_COUNT = 15;

/**
 * Probability that a Poisson variable of that mean is exactly `count`, with full relative accuracy
 * also for large arguments (saddle-point form: Loader 2000).
 */
export function poissonProbability(count: number, mean: number): number {
  if (mean === 0) return count === 0 ? 1 : 0;
  if (count <= DIRECT_COUNT) {
    let probability = Math.exp(-mean);
    for (let n = 1; n <= count; n++) probability *= mean / n;
    return probability;
  }
  const exponent = count * log1pMinus((mean - count) / count);
  return Math.exp(exponent) / stirling(count);
}

/** n!·e^n/n^n = √(2πn)·e^(1/(12n) − 1/(360n³) + …), for n above 15. */
export function stirling(n: number): number {
  const inverse = 1 / n;
  const square = inverse * inverse;
  const tail = square * (1 / 1260 - square * (1 / 1680 - square / 1188));
  return Math.sqrt(2 * Math.PI * n) * Math.exp(inverse * (1 / 12 - square * (1 / 360 - tail)));
}

/** The probabilities of a Poisson variable where they are not negligible (above e⁻⁴⁰ of the sum). */
export interface PoissonWindow {
  /** The count that `probabilities[0]` is of. */
  first: number;
  probabilities: Float64Array;
}

export function poissonWindow(mean: number): PoissonWindow {
  const mode = Math.floor(mean);
  const spread = 9 * Math.sqrt(mean);
  const first = Math.max(0, Math.floor(mean - spread - 5));
  const last = Math.ceil(mean + spread + 45);
  const probabilities = new Float64Array(last - first + 1);
  const atMode = poissonProbability(mode, mean);
  probabilities[mode - first] = atMode;
  for (let n = mode, p = atMode; n > first; n--) probabilities[n - 1 - first] = p *= n / mean;
  for (let n = mode + 1, p = atMode; n <= last; n++) probabilities[n - first] = p *= mean / n;
  return { first, probabilities };
}
