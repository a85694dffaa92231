import { poissonWindow } from '../numerics/poisson.js';
import { SlidingSum } from '../numerics/sliding-sum.js';
import { withGeometricTail, type QueueLengths } from './queue-lengths.js';

/** Jobs that arrive in batches at exponential servers, in units of the mean service time. */
export interface BatchLoad {
  servers: number;
  /** Jobs (not batches) per service time: a, above 0 and below `servers`. */
  offeredLoad: number;
  /**
   * Mean number of jobs in a batch, at least 1. A mean between two whole numbers stands for batches of
   * the one below and the one above.
   */
  batchSize: number;
}

/** Waiting of a job, in units of the mean service time. */
export interface BatchWait {
  pWait: number;
  mean: number;
  /** P(wait > x) for x ≥ 0. */
  tail(x: number): number;
}

/**
 * Exact waiting time of a job in an M^[X]/M/c queue (Chaudhry and Templeton 1983, section 5.1; here
 * from the balance of flow over each level, and of the queue's first two moments, which add positive
 * terms only).
 */
export function batchWait(load: BatchLoad): BatchWait {
  const { servers, offeredLoad } = load;
  const batch = batchesOf(load);
  const law = jobsInSystem(load, batch);
  const allBusy = law[servers] as number;
  const over = overflow(servers, batch, law);
  const spare = servers - offeredLoad;
  const someQueue = (offeredLoad * allBusy + batch.rate * over.mean) / spare;
  const arriving = batch.meanSquare * (someQueue + allBusy) + over.meanSquare;
  const meanQueue = (batch.rate * arriving + servers * someQueue) / (2 * spare);
  const queue = queueLengths(servers, law, someQueue);
  // As many jobs join behind j waiting ones as are started with j left behind: it is P(N > c + j)/ρ.
  // Such a job waits for j + 1 services to end, of which c end in each unit of time.
  const perJob = servers / offeredLoad;
  return {
    pWait: someQueue * perJob,
    mean: meanQueue / offeredLoad,
    tail: (x) => perJob * delayedTail(queue, servers * x),
  };
}

interface Batches {
  /** Batches of `whole` jobs, a share `part` of them with one more. */
  whole: number;
  part: number;
  /** Per service time. */
  rate: number;
  meanSquare: number;
}

function batchesOf({ offeredLoad, batchSize }: BatchLoad): Batches {
  const whole = Math.floor(batchSize);
  const part = batchSize - whole;
  return { whole, part, rate: offeredLoad / batchSize, meanSquare: meanSquareBatch(batchSize) };
}

/** E[B²] of batches of the two whole sizes next to their mean. */
export function meanSquareBatch(batchSize: number): number {
  const whole = Math.floor(batchSize);
  return whole * whole + (batchSize - whole) * (2 * whole + 1);
}

const LARGE = 1e200;
const NEGLIGIBLE = 1e-18;

/**
 * P(N = n) for n = 0, 1, … until all servers are busy and the rest is geometric or negligible. Jobs
 * leave level n as often as batches jump over it.
 */
function jobsInSystem({ servers, offeredLoad }: BatchLoad, batch: Batches): number[] {
  const law = [1];
  const window = new SlidingSum(batch.whole);
  window.push(1);
  const end = servers + 64 * (batch.whole + 1);
  for (let n = 1; n <= end; n++) {
    const jumping = window.sum + batch.part * (law[n - 1 - batch.whole] ?? 0);
    const probability = (batch.rate * jumping) / Math.min(n, servers);
    law.push(probability);
    window.push(probability);
    if (probability > LARGE) {
      window.scale(1 / LARGE);
      law.forEach((value, i) => (law[i] = value / LARGE));
    }
    if (n > servers + batch.whole && probability <= NEGLIGIBLE * (law[servers] as number)) break;
  }
  let idle = 0;
  for (let n = 0; n < servers; n++) idle += (servers - n) * (law[n] as number);
  const factor = (servers - offeredLoad) / idle;
  return law.map((value) => value * factor);
}

/** First two moments of the jobs of a batch that find no free server, over batches that find one. */
function overflow(
  servers: number,
  { whole, part }: Batches,
  law: number[],
): { mean: number; meanSquare: number } {
  let mean = 0;
  let meanSquare = 0;
  for (let n = Math.max(0, servers - whole); n < servers; n++) {
    const probability = law[n] as number;
    const excess = n + whole - servers;
    mean += probability * (excess + part);
    meanSquare += probability * (excess * excess + part * (2 * excess + 1));
  }
  return { mean, meanSquare };
}

/** P(more than j wait), summed from the far end. */
function queueLengths(servers: number, law: number[], someQueue: number): QueueLengths {
  const end = law.length - 1;
  const factor = (law[end] as number) / (law[end - 1] as number) || 0;
  const above = new Float64Array(end - servers + 1);
  let sum = ((law[end] as number) * factor) / (1 - factor);
  for (let j = above.length - 1; j >= 0; j--) {
    above[j] = sum;
    sum += law[servers + j] as number;
  }
  above[0] = someQueue;
  return withGeometricTail(above, factor);
}

/** Σ_j P(Poisson(services) = j)·P(more than j wait). */
function delayedTail(queue: QueueLengths, services: number): number {
  const { first, probabilities } = poissonWindow(services);
  let sum = 0;
  for (let i = 0; i < probabilities.length; i++) {
    sum += (probabilities[i] as number) * queue.above(first + i);
  }
  return sum;
}
