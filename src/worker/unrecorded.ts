import type { SettledJob } from '../queues/job-exchange.js';
import type { LeasedJob } from '../queues/leased-job.js';

/** What became of jobs, until Redis has it on record. */
export class Unrecorded {
  #settled: SettledJob[] = [];
  /** When the first of them came, by a clock that only goes forward. */
  #since = 0;
  #timer: NodeJS.Timeout | undefined;

  get length(): number {
    return this.#settled.length;
  }

  /**
   * Whether they can wait for more to go along: until the first has been here for `holdMs`.
   * @param onDue called then.
   */
  mayWait(holdMs: number, onDue: () => void): boolean {
    if (this.#settled.length === 0) return true;
    const leftMs = holdMs - (performance.now() - this.#since);
    if (leftMs <= 0) return false;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      onDue();
    }, leftMs);
    return true;
  }

  add(settled: readonly SettledJob[]): void {
    if (this.#settled.length === 0) this.#since = performance.now();
    this.#settled.push(...settled);
  }

  /** Has jobs that no slot has begun go back to their queues. @param jobs first in line first. */
  addUnbegun(jobs: readonly LeasedJob[]): void {
    // Each goes to the very front of its queue: the first in line has to come last.
    this.add([...jobs].reverse().map((job) => ({ job, outcome: 'back', value: '' })));
  }

  takeAll(): SettledJob[] {
    const settled = this.#settled;
    this.#settled = [];
    return settled;
  }

  /** Redis did not take these: they come before what has been settled since. */
  putBack(settled: readonly SettledJob[]): void {
    this.#settled.unshift(...settled);
  }
}
