import type { ArrivalStream } from './arrivals.js';
import type { WaitStatistics } from './wait-statistics.js';

/**
 * Jobs in order of arrival at equal servers that don't slow each other: no events are needed, only
 * when each server gets free next (Kiefer and Wolfowitz 1955), in a heap.
 * @param warmUp jobs that are not counted.
 */
export function simulateInOrder(
  arrivals: ArrivalStream,
  service: () => number,
  servers: number,
  jobs: number,
  warmUp: number,
  waits: WaitStatistics,
): void {
  const freeAt = new Float64Array(servers);
  for (let job = -warmUp; job < jobs;) {
    const now = arrivals.next();
    for (let left = arrivals.size(); left > 0 && job < jobs; left--, job++) {
      const free = freeAt[0] as number;
      const start = free > now ? free : now;
      if (job >= 0) waits.add(start - now);
      replaceFirst(freeAt, start + service());
    }
  }
}

/** Puts a value in the place of a heap's least one. */
function replaceFirst(heap: Float64Array, value: number): void {
  const size = heap.length;
  let hole = 0;
  for (let child = 1; child < size; child = 2 * hole + 1) {
    if (child + 1 < size && (heap[child + 1] as number) < (heap[child] as number)) child += 1;
    if ((heap[child] as number) >= value) break;
    heap[hole] = heap[child] as number;
    hole = child;
  }
  heap[hole] = value;
}
