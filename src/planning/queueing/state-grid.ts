import { meanSquareBatch } from './batch-arrivals.js';
import type { BirthDeath, Law } from './birth-death.js';

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

/** Multiplications that may be spent, some milliseconds. */
export const MOST_WORK = 3e5;

/** States of a queue: so many for the busy servers, evenly, the last with all; then those with a queue. */
export interface Grid {
  station: ChangingStation;
  busyStates: number;
  states: number;
  /** Jobs from one state to the next, below and above all servers busy. */
  busyStep: number;
  queueStep: number;
}

/** Busy servers are told apart by so many states, or each by itself. */
const FEWEST_BUSY_STATES = 12;

/** @param queue jobs that wait at most. @param jumps arrivals and ends of services, at most. */
export function gridFor(station: ChangingStation, queue: number, jumps: number): Grid {
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

/** Moves between the states while jobs arrive at one rate, in jobs per second. */
export function chainOf(grid: Grid, arrivalRate: number): BirthDeath {
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
export function meanBatch(batchSize: number): number {
  return meanSquareBatch(batchSize) / batchSize;
}

/** So many jobs in the system, surely. */
export function pointLaw(
  { busyStates, queueStep, busyStep, states, station }: Grid,
  jobs: number,
): Law {
  const queued = jobs - station.servers;
  const state = queued > 0 ? busyStates + queued / queueStep : jobs / busyStep;
  const law = new Float64Array(states);
  law[Math.min(states - 1, Math.round(state))] = 1;
  return law;
}
