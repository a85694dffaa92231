import { whereItFallsTo } from '../numerics/decreasing-root.js';
import { poissonWindow } from '../numerics/poisson.js';
import { requireProbability } from './arguments.js';
import { equilibriumLaw, evolve, type BirthDeath, type Law } from './birth-death.js';

/** Servers as a queue sees them, however they share what they run on. */
export interface ChangingStation {
  servers: number;
  /** Jobs per second that so many busy servers finish; rises with their number. */
  rateOf(busy: number): number;
  /** By which delays are longer than with exponential service. */
  factor: number;
  /** Mean jobs that arrive at once. */
  batchSize: number;
}

/** A time in which jobs arrive at one rate. */
export interface Stretch {
  seconds: number;
  /** Jobs per second. */
  arrivalRate: number;
}

/** Waits of the jobs that arrive in one stretch. */
export interface StretchWait {
  /** Whether every state was counted by itself, and not several together. */
  everyState: boolean;
  pWait: number;
  meanSeconds: number;
  /** Mean number of busy servers. */
  busy: number;
  /** Seconds that a share p of those jobs do not wait longer than; 0 ≤ p < 1. */
  quantile(p: number): number;
}

/** Multiplications that may be spent, some milliseconds. */
const MOST_WORK = 3e5;

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

/** States: so many for the busy servers, evenly, the last with all of them; then those with a queue. */
interface Grid {
  station: ChangingStation;
  busyStates: number;
  states: number;
  /** Jobs from one state to the next, below and above all servers busy. */
  busyStep: number;
  queueStep: number;
}

/** Busy servers are told apart by so many states, or each by itself. */
const FEWEST_BUSY_STATES = 12;

function gridFor(station: ChangingStation, queue: number, jumps: number): Grid {
  const { servers, factor } = station;
  const states = servers + queue / factor;
  // Steps g times as large leave 1/g of the states and 1/g² of the jumps.
  const coarse = Math.max(1, Math.ceil(Math.cbrt((jumps * states) / MOST_WORK)));
  const busyStates = Math.max(Math.min(servers, FEWEST_BUSY_STATES), Math.ceil(servers / coarse));
  const busyStep = servers / busyStates;
  const queueStep = factor * busyStep;
  return {
    station,
    busyStates,
    busyStep,
    queueStep,
    states: busyStates + Math.ceil(queue / queueStep) + 2,
  };
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

function chainOf(grid: Grid, arrivalRate: number): BirthDeath {
  const { station, busyStates, busyStep, queueStep, states } = grid;
  const up = new Float64Array(states);
  const down = new Float64Array(states);
  for (let state = 0; state < states; state++) {
    const queued = state >= busyStates;
    const finishing = station.rateOf(Math.round(Math.min(state, busyStates) * busyStep));
    const factor = queued ? station.factor : 1;
    const variance = arrivalRate * meanBatch(station.batchSize) + finishing;
    const drift = arrivalRate - finishing;
    up[state] = moves(drift, factor * variance, queued ? queueStep : busyStep);
    const step = state > busyStates ? queueStep : busyStep;
    const factorBelow = state > busyStates ? station.factor : 1;
    down[state] = state === 0 ? 0 : moves(-drift, factorBelow * variance, step);
  }
  return { up, down };
}

/** Moves by one step to one side that keep drift and variance; only drift, where it is too strong. */
function moves(drift: number, variance: number, step: number): number {
  return Math.max((variance / step ** 2 + drift / step) / 2, drift / step, 0);
}

/** Mean size of the batch that a job is in: E[B²]/E[B]. */
function meanBatch(batchSize: number): number {
  const whole = Math.floor(batchSize);
  return (whole * whole + (batchSize - whole) * (2 * whole + 1)) / batchSize;
}

function pointLaw({ busyStates, queueStep, busyStep, states, station }: Grid, jobs: number): Law {
  const queued = jobs - station.servers;
  const state = queued > 0 ? busyStates + queued / queueStep : jobs / busyStep;
  const law = new Float64Array(states);
  law[Math.min(states - 1, Math.round(state))] = 1;
  return law;
}

function waitOf(grid: Grid, found: Law): StretchWait {
  const { station, busyStates, busyStep } = grid;
  const { servers, factor } = station;
  const law = behindOthers(grid, found);
  // A job that finds k steps of queue waits for so many times `coarse` and one, of `factor` jobs each.
  const coarse = busyStep;
  const perSecond = station.rateOf(servers) / factor;
  const above = new Float64Array(law.length - busyStates + 1);
  let [meanSeconds, busy] = [0, 0];
  for (let state = law.length - 1; state >= 0; state--) {
    const probability = law[state] as number;
    busy += (found[state] as number) * Math.min(servers, state * busyStep);
    if (state < busyStates) continue;
    const queued = state - busyStates;
    above[queued] = (above[queued + 1] as number) + probability;
    meanSeconds += (probability * (queued * coarse + 1)) / perSecond;
  }
  const pWait = above[0] as number;
  const tail = (seconds: number): number => {
    const { first, probabilities } = poissonWindow(perSecond * seconds);
    let sum = 0;
    for (let i = 0; i < probabilities.length; i++)
      sum += (probabilities[i] as number) * atLeast(above, (first + i) / coarse);
    return sum;
  };
  return {
    everyState: busyStep === 1,
    pWait,
    meanSeconds,
    busy,
    quantile: (p) => {
      requireProbability('p', p);
      return pWait <= 1 - p ? 0 : whereItFallsTo(tail, 1 - p, 1 / perSecond);
    },
  };
}

/** Places in a batch that are told apart. */
const PLACES = 16;

/** What a job finds, with those of its own batch that come before it. */
function behindOthers({ station, busyStates, busyStep, queueStep }: Grid, law: Law): Law {
  if (station.batchSize === 1) return law;
  const others = meanBatch(station.batchSize) - 1;
  const places = Math.min(PLACES, Math.ceil(others) + 1);
  const shifted = new Float64Array(law.length);
  for (let place = 0; place < places; place++) {
    const before = (others * place) / (places - 1);
    law.forEach((probability, state) => {
      const free = Math.max(0, busyStates - state) * busyStep;
      const steps = Math.min(before, free) / busyStep + Math.max(0, before - free) / queueStep;
      const to = Math.min(law.length - 1, Math.round(state + steps));
      shifted[to] = (shifted[to] as number) + probability / places;
    });
  }
  return shifted;
}

/** P(at least so many steps of queue), straight between whole numbers. */
function atLeast(above: Float64Array, steps: number): number {
  const whole = Math.floor(steps);
  if (whole >= above.length - 1) return 0;
  const [from = 0, to = 0] = [above[whole], above[whole + 1]];
  return from + (steps - whole) * (to - from);
}
