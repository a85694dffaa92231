import type { LeasedJob } from '../queues/leased-job.js';

/** The jobs that a worker holds leases of, running or at hand. */
export class HeldLeases {
  readonly #jobs = new Map<string, LeasedJob>();
  /** Those whose outcome is on its way to Redis. */
  readonly #settling = new Set<string>();

  get all(): LeasedJob[] {
    return [...this.#jobs.values()];
  }

  /** Those to renew. Not those being settled: one that was just given back would be taken again. */
  get toRenew(): LeasedJob[] {
    return this.all.filter(({ id }) => !this.#settling.has(id));
  }

  /** Enters leases. @returns the jobs that are new: one that runs here already only gets its token. */
  adopt(jobs: readonly LeasedJob[]): LeasedJob[] {
    return jobs.filter((job) => {
      const running = this.#jobs.get(job.id);
      if (running) running.token = job.token;
      else this.#jobs.set(job.id, job);
      return !running;
    });
  }

  /** Notes that these are being settled. */
  settling(jobs: readonly LeasedJob[]): void {
    for (const { id } of jobs) this.#settling.add(id);
  }

  /** Redis did not take what became of these: they are still held. */
  notSettled(jobs: readonly LeasedJob[]): void {
    for (const { id } of jobs) this.#settling.delete(id);
  }

  /** Strikes out jobs that are settled, or somebody else's now. */
  release(jobs: readonly LeasedJob[]): void {
    for (const { id } of jobs) {
      this.#jobs.delete(id);
      this.#settling.delete(id);
    }
  }
}
