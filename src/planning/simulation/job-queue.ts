/** First in, first out queue of arrival times, in a ring that grows. */
export class JobQueue {
  #ring = new Float64Array(64);
  #head = 0;
  length = 0;

  push(arrivedAt: number): void {
    if (this.length === this.#ring.length) this.#grow();
    this.#ring[(this.#head + this.length++) & (this.#ring.length - 1)] = arrivedAt;
  }

  /** Arrival time of the oldest, which leaves; only when there is one. */
  shift(): number {
    const arrivedAt = this.#ring[this.#head] as number;
    this.#head = (this.#head + 1) & (this.#ring.length - 1);
    this.length -= 1;
    return arrivedAt;
  }

  #grow(): void {
    const larger = new Float64Array(2 * this.#ring.length);
    larger.set(this.#ring.subarray(this.#head));
    larger.set(this.#ring.subarray(0, this.#head), this.#ring.length - this.#head);
    this.#ring = larger;
    this.#head = 0;
  }
}
