import { poissonWindow } from '../numerics/poisson.js';
import { queueByFactorization } from './queue-by-factorization.js';
import { queueByLadder } from './queue-by-ladder.js';
import type { QueueLengths } from './queue-lengths.js';

/** Waiting in an M/D/c queue, in units of the service time. */
export interface DeterministicWait {
  pWait: number;
  mean: number;
  /** P(wait > x) for x ≥ 0. */
  tail(x: number): number;
}

/** Above this c·(ρ − 1 − ln ρ) waits are rare, and a few terms of Spitzer's sums give them exactly. */
const RARE_WAITS = 2;

/**
 * Exact waiting time of an M/D/c queue. The number that waits is, from one service time to the next,
 * a random walk with Poisson(a) − c steps that stops at 0, so its law follows from the walk's
 * Wiener–Hopf factorization; waiting times follow from it by Franx 2001, "A simple solution for the
 * M/D/c waiting time distribution", eq. 3.
 * @param offeredLoad a in erlangs, above 0 and below `servers`.
 */
export function deterministicWait(servers: number, offeredLoad: number): DeterministicWait {
  if (last?.servers !== servers || last.offeredLoad !== offeredLoad) {
    last = { servers, offeredLoad, wait: solve(servers, offeredLoad) };
  }
  return last.wait;
}

/** A plan asks for one queue several times in a row: for each of its figures, and at any scv. */
let last: { servers: number; offeredLoad: number; wait: DeterministicWait } | undefined;

function solve(servers: number, offeredLoad: number): DeterministicWait {
  const utilization = offeredLoad / servers;
  const rarity = servers * (utilization - 1 - Math.log(utilization));
  const queue =
    rarity > RARE_WAITS
      ? queueByLadder(servers, offeredLoad)
      : queueByFactorization(servers, offeredLoad);
  const tail = (x: number): number => waitTail(queue, servers, offeredLoad, x);
  return { pWait: tail(0), mean: queue.mean / offeredLoad, tail };
}

/**
 * A job waits longer than x = k − v (k whole, 0 < v ≤ 1) when the jobs waiting a time v before it
 * could at the latest start, and those that arrived in v, take up k·c places.
 */
function waitTail(queue: QueueLengths, servers: number, offeredLoad: number, x: number): number {
  const services = Math.floor(x) + 1;
  const places = services * servers;
  const { first, probabilities } = poissonWindow(offeredLoad * (services - x));
  let sum = 0;
  for (let i = 0; i < probabilities.length; i++) {
    const queued = places - 1 - first - i;
    sum += (probabilities[i] as number) * (queued < 0 ? 1 : queue.above(queued));
  }
  return sum;
}
