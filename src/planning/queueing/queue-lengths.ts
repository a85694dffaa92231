/** Law of the number of jobs that wait in a queue in equilibrium. */
export interface QueueLengths {
  mean: number;
  /** P(more than `queued` jobs wait), for a whole number of at least 0. */
  above(queued: number): number;
}

/**
 * A law that is given up to some length, and falls by a constant factor from there on.
 * @param above P(more than i wait) at place i.
 * @param factor by which each further one falls, at least 0 and below 1.
 */
export function withGeometricTail(above: Float64Array, factor: number): QueueLengths {
  const end = above.length - 1;
  const last = above[end] as number;
  let mean = (last * factor) / (1 - factor);
  for (let i = end; i >= 0; i--) mean += above[i] as number;
  return {
    mean,
    above: (queued) =>
      queued <= end ? (above[queued] as number) : last * Math.pow(factor, queued - end),
  };
}
