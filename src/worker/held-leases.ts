import type { LeasedJob } from '../queues/leased-job.js';

/** Ids that another program than dsw gave may be the same in two queues. */
type JobName = Pick<LeasedJob, 'queue' | 'id'>;

/** The jobs that a worker holds leases of, running or at hand. */
export class HeldLeases {
  readonly #jobs = new Map<string, LeasedJob>();
  /** Those whose outcome is on its way to Redis. */
  readonly #settling = new Set<LeasedJob>();

  get all(): LeasedJob[] {
    return [...this.#jobs.values()];
  }

  has(job: JobName): boolean {
    return this.#jobs.has(nameOf(job));
  }

  /** Those to renew. Not those being settled: one that was just given back would be taken again. */
  get toRenew(): LeasedJob[] {
    return this.all.filter((job) => !this.#settling.has(job));
  }

  /**
   * Enters leases. @returns the jobs that are new: one that runs here already only gets its token.
   * One that was given back may be leased to this worker anew before it hears that it was.
   */
  adopt(jobs: readonly LeasedJob[]): LeasedJob[] {
    return jobs.filter((job) => {
      const running = this.#jobs.get(nameOf(job));
      if (running && !this.#settling.has(running)) {
        running.token = job.token;
        return false;
      }
      this.#jobs.set(nameOf(job), job);
      return true;
    });
  }

  /** Notes that these are being settled. */
  settling(jobs: readonly LeasedJob[]): void {
    for (const job of jobs) this.#settling.add(job);
  }

  /** Redis did not take what became of these: they are still held. */
  notSettled(jobs: readonly LeasedJob[]): void {
    for (const job of jobs) this.#settling.delete(job);
  }

  /**
   * Strikes out jobs that are settled, or not this worker's any more; not other leases of theirs.
   * @returns how many were there.
   */
  release(jobs: readonly LeasedJob[]): number {
    let released = 0;
    for (const job of jobs) {
      this.#settling.delete(job);
      const name = nameOf(job);
      if (this.#jobs.get(name) === job && this.#jobs.delete(name)) released += 1;
    }
    return released;
  }
}

function nameOf({ queue, id }: JobName): string {
  return `${queue} ${id}`;
}
