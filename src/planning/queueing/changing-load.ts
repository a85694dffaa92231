import { equilibriumLaw, evolve } from './birth-death.js';
import {
  chainOf,
  gridFor,
  meanBatch,
  MOST_WORK,
  pointLaw,
  type ChangingStation,
} from './state-grid.js';
import { waitOf, type StretchWait } from './stretch-wait.js';

/** A time in which jobs arrive at one rate. */
export interface Stretch {
  seconds: number;
  /** Jobs per second. */
  arrivalRate: number;
}

/**
 * Waits of jobs under a load that changes, from equilibrium at a first rate on. Exact for M(t)/M/c: the
 * law of the number in the system by uniformization, and its mean over a stretch, which is what Poisson
 * arrivals of that stretch see; who finds k waiting waits for k + 1 services. Other service scales the
 * steps of the queue, so that it becomes M/G/c's when a stretch lasts; batches widen the steps, and
 * put others of a job's own batch before it. In large systems several states are one, with the same
 * drift and variance.
 * @param startRate jobs per second before, fewer than all servers finish.
 * @param startingJobs in the system, when more than equilibrium has: what an earlier overload left.
 */
export function waitsUnderChange(
  station: ChangingStation,
  startRate: number,
  stretches: readonly Stretch[],
  startingJobs = 0,
): StretchWait[] {
  const queue = longestQueue(station, startRate, stretches, startingJobs);
  const jumps = jumpsIn(station, stretches);
  const grid = gridFor(station, queue, jumps);
  const work = (jumps / grid.busyStep ** 2) * grid.states;
  const slower = Math.max(1, work / (2 * MOST_WORK));
  if (slower > 1) return slowedDown(station, startRate, stretches, startingJobs, slower);
  let law =
    startingJobs > 0 ? pointLaw(grid, startingJobs) : equilibriumLaw(chainOf(grid, startRate));
  return stretches.map(({ seconds, arrivalRate }) => {
    const { end, mean } = evolve(chainOf(grid, arrivalRate), law, seconds);
    law = end;
    return waitOf(grid, mean);
  });
}

/**
 * The same when stretches last for so many services that each is in equilibrium, or is carried by its
 * overload alone: with fewer and as much longer services. Without overload waits are as much shorter.
 */
function slowedDown(
  station: ChangingStation,
  startRate: number,
  stretches: readonly Stretch[],
  startingJobs: number,
  slower: number,
): StretchWait[] {
  const { servers, rateOf } = station;
  const queued = Math.max(0, startingJobs - servers) / slower;
  const waits = waitsUnderChange(
    { ...station, rateOf: (busy) => rateOf(busy) / slower },
    startRate / slower,
    stretches.map(({ seconds, arrivalRate }) => ({ seconds, arrivalRate: arrivalRate / slower })),
    queued > 0 ? servers + queued : 0,
  );
  const overloaded = stretches.some(({ arrivalRate }) => arrivalRate >= rateOf(servers));
  const factor = overloaded ? 1 : 1 / slower;
  return waits.map((wait) => ({
    ...wait,
    everyState: false,
    meanSeconds: factor * wait.meanSeconds,
    quantile: (p) => factor * wait.quantile(p),
  }));
}

/** Arrivals and ends of services, at most. */
function jumpsIn(
  { servers, rateOf, factor, batchSize }: ChangingStation,
  stretches: readonly Stretch[],
): number {
  const seconds = stretches.reduce((sum, stretch) => sum + stretch.seconds, 0);
  const highest = stretches.reduce((most, stretch) => Math.max(most, stretch.arrivalRate), 0);
  return ((highest * meanBatch(batchSize) + rateOf(servers)) * seconds) / Math.min(1, factor);
}

/** Jobs that wait at most: what arrives too many, nine deviations, and what waits in equilibrium. */
function longestQueue(
  { servers, rateOf, factor, batchSize }: ChangingStation,
  startRate: number,
  stretches: readonly Stretch[],
  startingJobs: number,
): number {
  const capacity = rateOf(servers);
  let arrivals = 0;
  let queue = Math.max(0, startingJobs - servers);
  let rest = queue;
  for (const { seconds, arrivalRate } of [{ seconds: 0, arrivalRate: startRate }, ...stretches]) {
    arrivals += arrivalRate * seconds;
    queue = Math.max(0, queue + (arrivalRate - capacity) * seconds);
    rest = Math.max(rest, queue);
  }
  const lasting = Math.min(1, startRate / capacity);
  const inEquilibrium = 40 / Math.max(1e-2, -Math.log(lasting));
  const width = Math.max(1, factor) * meanBatch(batchSize);
  return rest + width * inEquilibrium + 9 * Math.sqrt(width * (arrivals + servers)) + 50;
}
