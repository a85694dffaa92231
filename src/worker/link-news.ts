import type { Logger } from '../log.js';
import type { LostJob, RecoveredJob } from '../queues/job-exchange.js';
import type { LeasedJob } from '../queues/leased-job.js';
import type { Restraint } from './restraint.js';
import type { LinkListener } from './worker-link.js';
import type { Parts } from './worker-parts.js';
import type { WorkerReport } from './worker-report.js';

/** What a worker does about what it hears from Redis. */
export class LinkNews implements LinkListener {
  readonly #parts: Pick<Parts, 'runner' | 'dispatcher' | 'traces'>;
  readonly #report: WorkerReport;
  readonly #restraint: Restraint;
  readonly #log: Logger;

  constructor(
    parts: Pick<Parts, 'runner' | 'dispatcher' | 'traces'>,
    report: WorkerReport,
    restraint: Restraint,
    log: Logger,
  ) {
    this.#parts = parts;
    this.#report = report;
    this.#restraint = restraint;
    this.#log = log;
  }

  onRefused(reason: string | undefined): void {
    this.#restraint.redis(reason);
  }

  onTooLate({ job: { id }, whereabouts }: LostJob): void {
    this.#report.lostResults += 1;
    const where = whereabouts === 'gone' ? 'is no longer in Redis' : 'had gone to another worker';
    this.#log.warn(`${id} ${where}: what became of it here does not count`, { job: id });
  }

  onLost(lost: readonly LostJob[]): void {
    for (const { job, whereabouts } of lost) {
      const { id } = job;
      const why = whereabouts === 'gone' ? 'it is no longer in Redis' : 'another worker runs it';
      this.#log.warn(`lost the lease of ${id}: ${why}`, { job: id });
      this.#parts.dispatcher.forget(id);
      this.#parts.runner.interrupt(id, why);
    }
  }

  onStalled(jobs: readonly RecoveredJob[]): void {
    for (const recovered of jobs) {
      const { id } = recovered.job;
      this.#log.warn(`${id} stalled: its worker is gone, it runs again`, { job: id });
      this.#parts.traces?.stalled(recovered, Date.now());
    }
  }

  onReclaimed(jobs: readonly LeasedJob[]): void {
    this.#log.info(`took back ${jobs.length} jobs that were on their way here`);
    this.#parts.dispatcher.takeBack(jobs);
  }
}
