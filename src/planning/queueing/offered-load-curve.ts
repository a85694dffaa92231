import { requireNonNegative, requirePositive } from './arguments.js';
import { fewestServers, type WaitTarget } from './staffing.js';
import type { ServiceTime } from './waiting-time.js';

/** Arrival rates over a cycle that repeats, such as the hours of a day. */
export interface ArrivalShape {
  /** Length of the cycle. */
  cycleSeconds: number;
  /** Jobs per second in each of as many equal parts of the cycle. */
  rates: readonly number[];
}

/** Offered load in erlangs, by seconds from the start of the cycle (of any sign, and beyond a cycle). */
export type LoadCurve = (seconds: number) => number;

/**
 * Mean number of jobs in service if none had to wait: what the load is at each moment, which lags
 * behind the arrivals by about a service time. Exact for exponential and for constant service (Eick,
 * Massey and Whitt 1993, "The physics of the M_t/G/∞ queue", theorem 1); for an scv between 0 and 1
 * between the two, and above 1 as for 1.
 */
export function offeredLoadCurve(shape: ArrivalShape, serviceTime: ServiceTime): LoadCurve {
  const { mean, scv = 1 } = serviceTime;
  requirePositive('cycleSeconds', shape.cycleSeconds);
  requirePositive('serviceTime.mean', mean);
  requireNonNegative('serviceTime.scv', scv);
  shape.rates.forEach((rate, i) => requireNonNegative(`rates[${i}]`, rate));
  const exponential = exponentialLoad(shape, mean);
  const deterministic = deterministicLoad(shape, mean);
  const weight = Math.min(scv, 1);
  return (seconds) =>
    (weight === 0 ? 0 : weight * exponential(seconds)) +
    (weight === 1 ? 0 : (1 - weight) * deterministic(seconds));
}

/** Solves m′ = λ − m/S over the parts of the cycle, from the level at which the cycle closes. */
function exponentialLoad({ cycleSeconds, rates }: ArrivalShape, mean: number): LoadCurve {
  const part = cycleSeconds / rates.length;
  const kept = Math.exp(-part / mean);
  const step = (level: number, rate: number): number => level * kept + rate * mean * (1 - kept);
  const fromNothing = rates.reduce(step, 0);
  const starts = [fromNothing / -Math.expm1(-cycleSeconds / mean)];
  for (const rate of rates) starts.push(step(starts.at(-1) ?? 0, rate));
  return (seconds) => {
    const { index, rest } = placeIn(seconds, cycleSeconds, rates.length);
    const settled = (rates[index] ?? 0) * mean;
    return settled + ((starts[index] ?? 0) - settled) * Math.exp(-rest / mean);
  };
}

/** Arrivals of the last S seconds. */
function deterministicLoad({ cycleSeconds, rates }: ArrivalShape, mean: number): LoadCurve {
  const part = cycleSeconds / rates.length;
  const sums = [0];
  for (const rate of rates) sums.push((sums.at(-1) ?? 0) + rate * part);
  const arrivals: LoadCurve = (seconds) => {
    const { cycles, index, rest } = placeIn(seconds, cycleSeconds, rates.length);
    return cycles * (sums.at(-1) ?? 0) + (sums[index] ?? 0) + rest * (rates[index] ?? 0);
  };
  return (seconds) => arrivals(seconds) - arrivals(seconds - mean);
}

function placeIn(
  seconds: number,
  cycleSeconds: number,
  parts: number,
): { cycles: number; index: number; rest: number } {
  const cycles = Math.floor(seconds / cycleSeconds);
  const within = seconds - cycles * cycleSeconds;
  const part = cycleSeconds / parts;
  const index = Math.min(parts - 1, Math.floor(within / part));
  return { cycles, index, rest: within - index * part };
}

/** Servers for each of the equal periods into which a cycle is divided. */
export interface StaffingInput {
  shape: ArrivalShape;
  serviceTime: ServiceTime;
  /** How many periods the cycle has. */
  periods: number;
  target: WaitTarget;
  /** Whether a period is staffed for its mean load, or for its peak. */
  basis: 'mean' | 'peak';
}

/** Looks at a curve so often in each period. */
const LOOKS = 64;

/**
 * Fewest servers in each period that keep a target, by modified offered load (Jennings, Mandelbaum,
 * Massey and Whitt 1996): each period as if it lasted for ever at the load that it has.
 */
export function staffingSchedule(input: StaffingInput): number[] {
  const { shape, serviceTime, periods, target, basis } = input;
  const curve = offeredLoadCurve(shape, serviceTime);
  const length = shape.cycleSeconds / periods;
  return Array.from({ length: periods }, (_, period) => {
    const load = loadOf(curve, period * length, length, basis);
    return fewestServers(
      { arrivalRate: load / serviceTime.mean, serviceSeconds: serviceTime.mean },
      target,
    );
  });
}

function loadOf(curve: LoadCurve, from: number, length: number, basis: 'mean' | 'peak'): number {
  let sum = 0;
  let most = 0;
  for (let look = 0; look <= LOOKS; look++) {
    // The last look is just inside, where the next period has not begun.
    const load = curve(from + (length * Math.min(look, LOOKS - 1e-9)) / LOOKS);
    sum += look === 0 || look === LOOKS ? load / 2 : load;
    most = Math.max(most, load);
  }
  return basis === 'mean' ? sum / LOOKS : most;
}
