import type { QueueName } from '../planning/queue-names.js';
import type { LeasedJob } from './job-exchange.js';
import type { QueueSet } from './queue-set.js';

/** No limit: how often a job may stall is dsw's own count. */
export interface JobLeasesOptions {
  queues: readonly QueueName[];
  leaseSeconds: number;
}

/** Keeps the leases of running jobs alive and gives jobs back. */
export class JobLeases {
  readonly #queueSet: QueueSet;
  readonly #options: JobLeasesOptions;

  constructor(queueSet: QueueSet, options: JobLeasesOptions) {
    this.#queueSet = queueSet;
    this.#options = options;
  }

  /** Renews the leases. @returns the jobs whose lease had already gone. */
  async renew(jobs: readonly LeasedJob[]): Promise<LeasedJob[]> {
    const lost = await Promise.all(
      this.#options.queues.map(async (queue) => {
        const mine = jobs.filter((job) => job.queue === queue);
        if (mine.length === 0) return [];
        const ids = await this.#queueSet.of(queue).backend.extendLocks(
          mine.map((job) => job.id),
          mine.map((job) => job.token),
          this.#options.leaseSeconds * 1000,
        );
        return mine.filter((job) => ids.includes(job.id));
      }),
    );
    return lost.flat();
  }

  /** Lets the job run again after a delay; this try counts. */
  async retryLater(
    job: LeasedJob,
    delaySeconds: number,
    reason: string,
    stack: string,
  ): Promise<void> {
    const delayMs = Math.round(delaySeconds * 1000);
    await this.#queueSet
      .of(job.queue)
      .backend.moveToDelayed(job.id, Date.now(), delayMs, job.token, {
        fieldsToUpdate: { failedReason: reason, stacktrace: JSON.stringify([stack]) },
      });
  }

  /** Puts the job back at the front of its queue; this try does not count. */
  async giveBack(job: LeasedJob): Promise<void> {
    await this.#queueSet.of(job.queue).backend.moveJobFromActiveToWait(job.id, job.token);
  }
}
