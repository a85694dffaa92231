import type { LeasedJob } from '../queues/leased-job.js';
import type { Occupation } from './occupation.js';
import type { SlotPool } from './slot-pool.js';
import { timeLimitsOf } from './time-limits.js';
import type { WorkerOptions } from './worker-options.js';

/** A batch is meant to take a moment; when its job takes this long, the others go elsewhere. */
const STUCK_MS = 50;
/** It is to look so often. */
export const WATCHDOG_SECONDS = 0.1;

export interface WatchdogOptions {
  slots: SlotPool;
  /** For tasks that set none themselves. */
  limits: WorkerOptions['limits'];
  /** Takes jobs that a stuck slot was relieved of. */
  takeBack(jobs: readonly LeasedJob[]): void;
}

/** Looks after running jobs: enforces their time limits, relieves slots that are stuck. */
export class Watchdog {
  readonly #options: WatchdogOptions;
  /** Jobs that were asked to finish, once each. */
  readonly #warned = new WeakSet<LeasedJob>();

  constructor(options: WatchdogOptions) {
    this.#options = options;
  }

  /** @param now milliseconds since the epoch. */
  look(now: number): void {
    for (const occupation of this.#options.slots.occupations) {
      const { slot, jobs } = occupation;
      const job = jobs[slot.claims.claimed - 1];
      if (job) this.#lookAt(occupation, job, now - slot.claims.startedAt);
      if (occupation.step && now > occupation.step.endsAt)
        void slot.stop(occupation.step.otherwise, 'none');
    }
  }

  #lookAt(occupation: Occupation, job: LeasedJob, elapsedMs: number): void {
    const { slots, limits, takeBack } = this.#options;
    if (occupation.jobs.length > 1 && elapsedMs > STUCK_MS) takeBack(slots.withdraw(occupation));
    const { softSeconds: soft, hardSeconds: hard } = timeLimitsOf(job.task, slots.tasks, limits);
    if (hard !== undefined && elapsedMs > hard * 1000) {
      void occupation.slot.stop(`it took longer than its hard limit of ${hard} s`);
    } else if (soft !== undefined && elapsedMs > soft * 1000 && !this.#warned.has(job)) {
      this.#warned.add(job);
      occupation.slot.abort(job.id, `it took longer than its limit of ${soft} s`);
    }
  }
}
