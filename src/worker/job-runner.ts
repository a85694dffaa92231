import type { Logger } from '../log.js';
import { backoffSeconds } from '../planning/backoff.js';
import type { SettledJob } from '../queues/job-exchange.js';
import { encodeSplit } from '../queues/job-parts.js';
import type { LeasedJob } from '../queues/leased-job.js';
import type { RetryPolicy } from '../tasks/contract.js';
import type { BatchOutcome, JobSlots } from './job-flow.js';
import type { ServiceTimes } from './service-times.js';
import type { SlotReply } from './slot-messages.js';
import type { SlotPool } from './slot-pool.js';

/** What is told of every try of a job. */
export interface TryObserver {
  /** @param memoryMb what the job's slot held afterwards. */
  tried(job: LeasedJob, reply: SlotReply, memoryMb: number): void;
}

export interface JobRunnerOptions {
  slots: SlotPool;
  /** For tasks that say nothing else. */
  retry: RetryPolicy;
  times: ServiceTimes;
  observer: TryObserver;
  /** Told what became of a job that ran, however it ended. */
  onSettled: ((settled: SettledJob, reply: SlotReply) => void) | undefined;
  /** Told when a job found no room in the document store: it will run again. */
  onStoreFull(reason: string): void;
  log: Logger;
}

/** A job that was asked to end has so long before its thread is ended. */
export const MAKE_WAY_MS = 1000;

type Failure = Extract<SlotReply, { outcome: 'failed' }>;

/** Runs leased jobs in slots and decides what becomes of them. */
export class JobRunner implements JobSlots {
  readonly #options: JobRunnerOptions;
  /** Jobs that were told to make way: however they end, short of success, they run again. */
  readonly #interrupted = new Set<string>();
  readonly #cancelled = new Set<string>();

  constructor(options: JobRunnerOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#options.slots.size;
  }

  get free(): number {
    return this.#options.slots.free;
  }

  async run(batch: readonly LeasedJob[]): Promise<BatchOutcome> {
    const { jobs, replies, unheard, memoryMb } = await this.#options.slots.run(batch);
    const settled = replies.flatMap((reply, i) => {
      const job = jobs[unheard + i];
      if (!job) return [];
      const settled = this.#settle(job, reply, memoryMb);
      this.#options.onSettled?.(settled, reply);
      return [settled];
    });
    // Before the replies: jobs whose replies went down with the thread. After: jobs not begun.
    const unfinished = [...jobs.slice(0, unheard), ...jobs.slice(unheard + replies.length)];
    return { settled, unfinished };
  }

  /** Has all running jobs make way: they are asked to end, and their tries will not count. */
  interruptAll(reason: string): void {
    const jobs = this.#options.slots.occupations.flatMap((occupation) => occupation.jobs);
    for (const { id } of jobs) this.interrupt(id, reason);
  }

  /** Has one job make way, if it runs here. */
  interrupt(jobId: string, reason: string): void {
    for (const { slot, jobs } of this.#options.slots.occupations) {
      if (!jobs.some(({ id }) => id === jobId)) continue;
      this.#interrupted.add(jobId);
      slot.abort(jobId, reason);
    }
  }

  /** Ends one job for good, if it runs here: it becomes a dead letter. */
  cancel(jobId: string): boolean {
    const occupation = this.#options.slots.occupations.find(({ jobs }) =>
      jobs.some(({ id }) => id === jobId),
    );
    if (!occupation) return false;
    this.#cancelled.add(jobId);
    occupation.slot.abort(jobId, 'cancelled');
    setTimeout(() => {
      if (this.#cancelled.has(jobId)) void occupation.slot.stop('cancelled');
    }, MAKE_WAY_MS);
    return true;
  }

  #settle(job: LeasedJob, reply: SlotReply, memoryMb: number): SettledJob {
    const { slots, times, observer, onStoreFull } = this.#options;
    if (slots.tasks.has(job.task)) times.observe(job.task, reply.serviceMs);
    const cancelled = this.#cancelled.delete(job.id);
    if (reply.outcome !== 'completed' && cancelled)
      return { job, outcome: 'failed', value: 'cancelled' };
    const interrupted = this.#interrupted.delete(job.id);
    if (reply.outcome === 'failed' && interrupted)
      return { job, outcome: 'interrupted', value: '' };
    if (reply.outcome === 'failed' && reply.storeFull) {
      onStoreFull(reply.reason);
      return { job, outcome: 'interrupted', value: '' };
    }
    if (reply.outcome === 'split')
      return { job, outcome: 'split', value: encodeSplit(job, reply.parts) };
    observer.tried(job, reply, memoryMb);
    if (reply.outcome === 'failed') return this.#settleFailure(job, reply);
    const fields = this.#attemptsNote(job);
    return { job, outcome: 'completed', value: reply.value, ...(fields && { fields }) };
  }

  /** Who enqueues a job knows nothing of its task: what that says goes on record with a try. */
  #attemptsNote({ task, attempts }: LeasedJob): Record<string, string> | undefined {
    const own = this.#options.slots.tasks.get(task)?.retry?.attempts;
    return own === undefined || own === attempts ? undefined : { dswAttempts: String(own) };
  }

  #settleFailure(job: LeasedJob, reply: Failure): SettledJob {
    const { log, slots, retry } = this.#options;
    const { stack, moreTries } = reply;
    const logged = { ...jobFields(job), serviceSeconds: reply.serviceMs / 1000 };
    const policy = { ...retry, attempts: job.attempts, ...slots.tasks.get(job.task)?.retry };
    const attempt = job.attemptsMade + 1;
    const again = moreTries === 'once' && job.brokeSlot;
    const reason = again ? `${reply.reason} (for the second time: no further try)` : reply.reason;
    const fields = {
      failedReason: reason,
      stacktrace: JSON.stringify([stack]),
      ...this.#attemptsNote(job),
    };
    if (moreTries === 'none' || again || attempt >= policy.attempts) {
      log.error(`${job.task} ${job.id} is a dead letter: ${reason}`, logged);
      return { job, outcome: 'failed', value: reason, fields };
    }
    const limits = { baseSeconds: policy.backoffSeconds, maxSeconds: policy.maxBackoffSeconds };
    const delaySeconds = backoffSeconds(attempt, limits, Math.random());
    const message = `${job.task} ${job.id} failed, again in ${delaySeconds.toFixed(1)} s: ${reason}`;
    log.warn(message, logged);
    const note: Record<string, string> = moreTries === 'once' ? { dswBrokeSlot: '1' } : {};
    return { job, outcome: 'retry', value: reason, delaySeconds, fields: { ...fields, ...note } };
  }
}

export function jobFields(job: LeasedJob): Record<string, string | number> {
  return { job: job.id, queue: job.queue, task: job.task, attempt: job.attemptsMade + 1 };
}
