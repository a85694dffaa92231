import { TurnOrder } from '../planning/queue-order.js';
import {
  JobExchange,
  type ExchangeReply,
  type LostJob,
  type RecoveredJob,
  type SettledJob,
} from '../queues/job-exchange.js';
import type { Keyspace } from '../queues/keyspace.js';
import type { LeasedJob } from '../queues/leased-job.js';
import { HeldLeases } from './held-leases.js';
import type { WorkerConnections } from './worker-connections.js';
import type { WorkerOptions } from './worker-options.js';

/** What is told of a worker's leases. */
export interface LeaseListener {
  /** What became of this job came too late. */
  onTooLate(lost: LostJob): void;
  /** These jobs are not this worker's any more: what becomes of them here does not count. */
  onLost(lost: readonly LostJob[]): void;
  /** Jobs that are this worker's although it did not know. */
  onReclaimed(jobs: readonly LeasedJob[]): void;
  /** The workers of these jobs are gone; they run again. */
  onStalled(jobs: readonly RecoveredJob[]): void;
}

/** Takes jobs under leases, keeps the leases up while they run, and ends them. */
export class LeaseKeeper {
  readonly #exchange: JobExchange;
  /** On the connection that blocks: it asks for jobs the moment that a wait is over. */
  readonly #wakingExchange: JobExchange;
  readonly #order: TurnOrder;
  readonly #held = new HeldLeases();
  #listener: LeaseListener | undefined;

  constructor(
    workerName: string,
    { commands, blocking }: WorkerConnections,
    keyspace: Keyspace,
    { queues, leaseSeconds, queueOrder }: WorkerOptions,
  ) {
    const options = { workerName, queues, leaseSeconds };
    this.#exchange = new JobExchange(commands, keyspace, options);
    this.#wakingExchange = new JobExchange(blocking, keyspace, options);
    this.#order = new TurnOrder(queues, queueOrder);
  }

  listen(listener: LeaseListener): void {
    this.#listener = listener;
  }

  /** Records what became of jobs, and takes up to `wanted` others. */
  async exchange(settled: readonly SettledJob[], wanted: number): Promise<ExchangeReply> {
    const jobs = settled.map(({ job }) => job);
    this.#held.settling(jobs);
    const reply = await this.#exchange
      .exchange(settled, this.#order.next(wanted))
      .catch((error: unknown) => {
        this.#held.notSettled(jobs);
        throw error;
      });
    this.#held.release(jobs);
    for (const [i, { job, outcome }] of settled.entries()) {
      const whereabouts = reply.recorded[i];
      if (!whereabouts || whereabouts === 'recorded') continue;
      if (outcome !== 'back' && outcome !== 'interrupted')
        this.#listener?.onTooLate({ job, whereabouts });
    }
    return { ...reply, taken: this.#held.adopt(reply.taken) };
  }

  /** Takes up to `wanted` jobs as soon as what the blocking connection waits for has come. */
  async takeNext(wanted: number): Promise<ExchangeReply> {
    const reply = await this.#wakingExchange.exchange([], this.#order.next(wanted));
    return { ...reply, taken: this.#held.adopt(reply.taken) };
  }

  markAlone(job: LeasedJob): Promise<void> {
    return this.#exchange.markAlone(job);
  }

  /** Renews all leases; tells of those that are gone. */
  async renew(): Promise<void> {
    const renewed = await this.#exchange.renew(this.#held.toRenew);
    // Told once, however many renewals were under way.
    const lost = renewed.filter(({ job }) => this.#held.release([job]) > 0);
    if (lost.length > 0) this.#listener?.onLost(lost);
  }

  /** Has the jobs of dead workers run again. @param redisNow milliseconds since the epoch. */
  async recover(everySeconds: number, redisNow: number): Promise<void> {
    const { recovered, lapsed } = await this.#exchange.recover(everySeconds, redisNow);
    if (recovered.length > 0) this.#listener?.onStalled(recovered);
    // Should a reply ever get lost, nobody else would see that its jobs don't run.
    if (lapsed.some((job) => !this.#held.has(job))) await this.reclaim();
  }

  /** Finds jobs that are leased to this worker although it does not know of them. */
  async reclaim(): Promise<void> {
    const found = this.#held.adopt(await this.#exchange.reclaim(this.#held.all));
    if (found.length > 0) this.#listener?.onReclaimed(found);
  }

  /** Gives back all jobs at once, their tries uncounted: this process is about to end. */
  async giveBackAll(): Promise<void> {
    // Each goes to the front of its queue: the first taken comes last.
    const jobs = this.#held.toRenew.reverse();
    const back = jobs.map((job) => ({ job, outcome: 'interrupted' as const, value: '' }));
    if (back.length > 0) await this.exchange(back, 0);
  }
}
