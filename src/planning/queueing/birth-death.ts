import { poissonWindow } from '../numerics/poisson.js';

/** A chain on states 0, 1, … that moves by one at a time. Rates per unit of time, by state. */
export interface BirthDeath {
  up: Float64Array;
  /** The first is 0. */
  down: Float64Array;
}

/** Probabilities by state. */
export type Law = Float64Array;

/** Law in equilibrium of a chain that rises up to some state and falls beyond it, on average. */
export function equilibriumLaw({ up, down }: BirthDeath): Law {
  const law = new Float64Array(up.length);
  let mode = 0;
  while (mode + 1 < law.length && (up[mode] as number) >= (down[mode + 1] as number)) mode += 1;
  law[mode] = 1;
  for (let n = mode; n > 0; n--)
    law[n - 1] = ((law[n] as number) * (down[n] as number)) / (up[n - 1] as number);
  for (let n = mode + 1; n < law.length; n++)
    law[n] = ((law[n - 1] as number) * (up[n - 1] as number)) / (down[n] as number);
  return toOne(law);
}

/** Below this a state at the edge of a law is left out. */
const NEGLIGIBLE = 1e-25;

/**
 * What becomes of a law in a time, and its mean over that time: uniformization (Jensen 1953;
 * Grassmann 1977), which adds positive terms only.
 */
export function evolve(chain: BirthDeath, from: Law, time: number): { end: Law; mean: Law } {
  if (time === 0) return { end: from, mean: from };
  const rate = fastest(chain);
  const { first, probabilities } = poissonWindow(rate * time);
  const end = new Float64Array(from.length);
  const mean = new Float64Array(from.length);
  let law = from.slice();
  let next = new Float64Array(from.length);
  let [low, high] = [0, law.length - 1];
  let later = 1;
  for (let step = 0; step < first + probabilities.length; step++) {
    const now = step < first ? 0 : (probabilities[step - first] as number);
    later = Math.max(0, later - now);
    while (low < high && (law[low] as number) < NEGLIGIBLE) law[low++] = 0;
    while (high > low && (law[high] as number) < NEGLIGIBLE) law[high--] = 0;
    addTo(mean, law, later, low, high);
    if (now > 0) addTo(end, law, now, low, high);
    low = Math.max(0, low - 1);
    high = Math.min(law.length - 1, high + 1);
    jump(chain, law, next, rate, low, high);
    [law, next] = [next, law];
  }
  return { end: toOne(end), mean: toOne(mean) };
}

function fastest({ up, down }: BirthDeath): number {
  let most = 0;
  for (let n = 0; n < up.length; n++)
    most = Math.max(most, (up[n] as number) + (down[n] as number));
  return most;
}

/** One event of the uniformized chain: up, down, or nothing; between two states, outside which it never is. */
function jump(
  { up, down }: BirthDeath,
  law: Law,
  next: Law,
  rate: number,
  low: number,
  high: number,
): void {
  const last = law.length - 1;
  // What lies outside is of an earlier step.
  if (low > 0) law[low - 1] = 0;
  if (high < last) law[high + 1] = 0;
  for (let n = low; n <= high; n++) {
    const rising = n === 0 ? 0 : (up[n - 1] as number) * (law[n - 1] as number);
    const falling = n === last ? 0 : (down[n + 1] as number) * (law[n + 1] as number);
    const leaving = (down[n] as number) + (n === last ? 0 : (up[n] as number));
    next[n] = (rising + falling + (rate - leaving) * (law[n] as number)) / rate;
  }
}

function addTo(sum: Law, law: Law, weight: number, low: number, high: number): void {
  for (let n = low; n <= high; n++) sum[n] = (sum[n] as number) + weight * (law[n] as number);
}

function toOne(law: Law): Law {
  let total = 0;
  for (const probability of law) total += probability;
  return law.map((probability) => probability / total);
}
