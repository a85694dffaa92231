import { poissonWindow } from '../numerics/poisson.js';
import type { Law } from './birth-death.js';
import { meanBatch, type Grid } from './state-grid.js';
import { tailQuantile } from './tail-quantile.js';

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

/** @param found what the jobs of a stretch find in the system. */
export function waitOf(grid: Grid, found: Law): StretchWait {
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
    quantile: (p) => tailQuantile(p, { pWait, tail }, 1 / perSecond),
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
