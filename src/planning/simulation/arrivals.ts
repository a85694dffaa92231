import type { Random } from './random.js';

/** How the arrival rate goes up and down over a cycle that repeats. */
export interface RateFactors {
  cycleSeconds: number;
  /** Factor on the arrival rate in each of as many equal parts of the cycle. */
  factors: readonly number[];
}

/**
 * Times of batches: a Poisson stream, or one whose rate follows factors, by thinning the stream at the
 * highest rate (Lewis and Shedler 1979).
 */
export class ArrivalStream {
  readonly #random: Random;
  readonly #gap: number;
  readonly #factors: RateFactors | undefined;
  readonly #highest: number;
  readonly #whole: number;
  readonly #part: number;
  #jobsLeft: number;
  #now = 0;

  /**
   * @param jobsPerSecond mean rate of jobs, not batches, before factors.
   * @param jobs after so many no more arrive.
   */
  constructor(
    random: Random,
    jobsPerSecond: number,
    batchSize: number,
    factors: RateFactors | undefined,
    jobs: number,
  ) {
    this.#random = random;
    this.#factors = factors;
    this.#highest = factors === undefined ? 1 : Math.max(...factors.factors);
    this.#gap = batchSize / (jobsPerSecond * this.#highest);
    this.#whole = Math.floor(batchSize);
    this.#part = batchSize - this.#whole;
    this.#jobsLeft = jobs;
  }

  /** Seconds at which the next batch arrives; Infinity after the last. */
  next(): number {
    if (this.#jobsLeft <= 0) return Infinity;
    do this.#now += this.#gap * this.#random.exponential();
    while (this.#factors !== undefined && this.#thinnedOut(this.#factors));
    return this.#now;
  }

  /** Jobs in that batch. */
  size(): number {
    const more = this.#part > 0 && this.#random.uniform() < this.#part ? 1 : 0;
    const size = Math.min(this.#whole + more, this.#jobsLeft);
    this.#jobsLeft -= size;
    return size;
  }

  #thinnedOut({ cycleSeconds, factors }: RateFactors): boolean {
    const place = (this.#now / cycleSeconds) % 1;
    const factor = factors[Math.floor(place * factors.length)] ?? 0;
    return this.#random.uniform() * this.#highest >= factor;
  }
}
