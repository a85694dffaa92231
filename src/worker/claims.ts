/**
 * How far a slot's thread has come in a batch of jobs, in memory that both sides share: the thread
 * claims the next job, the worker may withdraw those not yet claimed. Works while the thread
 * computes and answers no message, and outlives it.
 */
export class Claims {
  /** Batch size in the upper half, jobs claimed in the lower. */
  readonly #state: Int32Array;
  /** When the job claimed last was started, in milliseconds since the epoch. */
  readonly #startedAt: Float64Array;

  constructor(readonly memory: SharedArrayBuffer = new SharedArrayBuffer(16)) {
    this.#state = new Int32Array(memory, 0, 1);
    this.#startedAt = new Float64Array(memory, 8, 1);
  }

  /** Opens a batch. */
  open(jobs: number): void {
    Atomics.store(this.#state, 0, jobs << 16);
  }

  /** The thread's side. @returns the number of the next job to run, or undefined after the last. */
  next(): number | undefined {
    for (;;) {
      const state = Atomics.load(this.#state, 0);
      const claimed = state & 0xffff;
      if (claimed >= state >>> 16) return undefined;
      if (Atomics.compareExchange(this.#state, 0, state, state + 1) === state) {
        this.#startedAt[0] = Date.now();
        return claimed;
      }
    }
  }

  /** The worker's side: takes back all jobs that the thread has not begun. @returns how many it has. */
  withdraw(): number {
    for (;;) {
      const state = Atomics.load(this.#state, 0);
      const claimed = state & 0xffff;
      if (Atomics.compareExchange(this.#state, 0, state, (claimed << 16) | claimed) === state)
        return claimed;
    }
  }

  /** Jobs begun so far. */
  get claimed(): number {
    return Atomics.load(this.#state, 0) & 0xffff;
  }

  get startedAt(): number {
    return this.#startedAt[0] ?? 0;
  }
}
