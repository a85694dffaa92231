/**
 * Sum of the last `width` values of a series, by additions alone: nothing is subtracted, so it keeps
 * full relative accuracy when the values fall by orders of magnitude. Constant time per value.
 */
export class SlidingSum {
  readonly #width: number;
  /** Values of the block under way, and for the block before it the sums from each place to its end. */
  #block: Float64Array;
  #suffixes: Float64Array;
  #place = 0;
  #blockSum = 0;

  /** @param width a whole number of at least 1. */
  constructor(width: number) {
    this.#width = width;
    this.#block = new Float64Array(width);
    this.#suffixes = new Float64Array(width + 1);
  }

  get sum(): number {
    return this.#blockSum + (this.#suffixes[this.#place] as number);
  }

  push(value: number): void {
    this.#block[this.#place] = value;
    this.#blockSum += value;
    this.#place += 1;
    if (this.#place === this.#width) this.#startBlock();
  }

  /** Multiplies all values so far. */
  scale(factor: number): void {
    this.#block = this.#block.map((value) => value * factor);
    this.#suffixes = this.#suffixes.map((sum) => sum * factor);
    this.#blockSum *= factor;
  }

  #startBlock(): void {
    for (let i = this.#width - 1, sum = 0; i >= 0; i--) {
      this.#suffixes[i] = sum += this.#block[i] as number;
    }
    this.#suffixes[this.#width] = 0;
    this.#place = 0;
    this.#blockSum = 0;
  }
}
