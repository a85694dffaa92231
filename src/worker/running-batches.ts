import type { LeasedJob } from '../queues/leased-job.js';
import type { ServiceTimes } from './service-times.js';

/** What a slot works on: jobs of the same kind come next, as far as one can tell. */
interface RunningBatch {
  task: string;
  /** Infinity when one of its tasks has never run. */
  expectedMs: number;
  /** By a clock that only goes forward. */
  startedAt: number;
  /** It takes longer than its kind does. */
  stuck: boolean;
}

/** The batches that a worker's slots work on, and what is to be expected of them. */
export class RunningBatches {
  readonly #times: ServiceTimes;
  readonly #batches = new Set<RunningBatch>();

  constructor(times: ServiceTimes) {
    this.#times = times;
  }

  get size(): number {
    return this.#batches.size;
  }

  /** Enters a batch. @returns what strikes it out again. */
  begin(jobs: readonly LeasedJob[]): () => void {
    const tasks = jobs.map(({ task }) => task);
    const batch = {
      task: tasks[0] ?? '',
      expectedMs: this.#times.togetherMs(tasks),
      startedAt: performance.now(),
      stuck: false,
    };
    this.#batches.add(batch);
    return () => this.#batches.delete(batch);
  }

  /** Jobs that slots which are busy now will want in a moment. */
  get wantedSoon(): number {
    let jobs = 0;
    for (const { task, stuck } of this.#batches) jobs += stuck ? 0 : this.#times.ahead(task);
    return jobs;
  }

  /**
   * How long until all of them are done, as far as one can tell: one that takes longer than its kind
   * is expected to take as much longer again. Infinity when nothing is known of one.
   */
  get remainingMs(): number {
    const now = performance.now();
    const left = [...this.#batches].map(({ expectedMs, startedAt }) =>
      Math.abs(expectedMs - (now - startedAt)),
    );
    return Math.max(0, ...left);
  }

  /** None of them is done as soon as its kind is. */
  markStuck(): void {
    for (const batch of this.#batches) batch.stuck = true;
  }
}
