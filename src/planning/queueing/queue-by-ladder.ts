import { poissonProbability } from '../numerics/poisson.js';
import { withGeometricTail, type QueueLengths } from './queue-lengths.js';

const NEGLIGIBLE = 1e-18;

/**
 * Queue of an M/D/c system in which waits are rare, with full relative accuracy: only positive terms
 * are added. The queue has the generating function exp(Σ_j b_j·(z^j − 1)) with
 * b_j = Σ_n P(Poisson(n·a) = n·c + j)/n (Spitzer 1956); its law follows by Panjer's recursion (1981).
 */
export function queueByLadder(servers: number, offeredLoad: number): QueueLengths {
  const weights = spitzerWeights(servers, offeredLoad);
  const law = new Float64Array(weights.length);
  let exponent = 0;
  for (const weight of weights) exponent += weight;
  law[0] = Math.exp(-exponent);
  for (let j = 1; j < law.length; j++) {
    let sum = 0;
    for (let i = 1; i <= j; i++) sum += i * (weights[i] as number) * (law[j - i] as number);
    law[j] = sum / j;
  }
  const above = new Float64Array(weights.length);
  for (let j = law.length - 2, sum = 0; j >= 0; j--) above[j] = sum += law[j + 1] as number;
  return withGeometricTail(above, 0);
}

/** b_0 … b_J; b_0 = 0. */
function spitzerWeights(servers: number, offeredLoad: number): Float64Array {
  const weights: number[] = [0];
  for (let n = 1; ; n++) {
    const mean = n * offeredLoad;
    let probability = poissonProbability(n * servers, mean) / n;
    const before = weights[1] ?? 0;
    for (let j = 1; ; j++) {
      probability *= mean / (n * servers + j);
      weights[j] = (weights[j] ?? 0) + probability;
      if (probability <= NEGLIGIBLE * (weights[1] ?? 0)) break;
    }
    if ((weights[1] ?? 0) - before <= NEGLIGIBLE * before || before === Infinity) break;
  }
  return Float64Array.from(weights);
}
