import { QUEUE_NAMES } from '../planning/queue-names.js';
import type { QueueOrder } from '../planning/queue-order.js';
import type { ExchangeReply, SettledJob } from '../queues/job-exchange.js';
import type { LeasedJob } from '../queues/leased-job.js';
import type { ServiceTimes } from './service-times.js';

/** Where the dispatcher gets its jobs and leaves what became of them. */
export interface JobSource {
  exchange(settled: readonly SettledJob[], wanted: number): Promise<ExchangeReply>;
  /** Resolves when there may be work again, at `until` at the latest. */
  waitForWork(until: number | undefined): Promise<void>;
  /** Lets another worker have the signal that ended the last wait. */
  passOnSignal(): Promise<void>;
  interruptWait(): Promise<void>;
  /** Why a leased job must not be run, if so: it becomes a dead letter. */
  refuse(job: LeasedJob): string | undefined;
  /** Notes that a suspected job runs alone now. */
  markAlone(job: LeasedJob): Promise<void>;
  /** An exchange failed although Redis answers (full, read-only). Resolves when to try again. */
  exchangeFailed(error: unknown): Promise<void>;
}

/** Where jobs run. */
export interface JobSlots {
  /** Slots in service, and those of them that are free now. */
  readonly size: number;
  readonly free: number;
  /** Runs jobs one after the other in a free slot. */
  run(jobs: readonly LeasedJob[]): Promise<BatchOutcome>;
}

export interface BatchOutcome {
  settled: SettledJob[];
  /** To run again: not begun, or their replies were lost with the slot. */
  unfinished: LeasedJob[];
}

/**
 * So many exchanges may be under way at once: Redis works on one while the next gathers what
 * finishes meanwhile. More would only make each smaller.
 */
const MAX_EXCHANGES = 2;
/** Jobs at hand that no slot has begun for so long go back to their queues. */
const GIVE_BACK_MS = 50;

/**
 * Keeps slots busy. An exchange with Redis takes what has finished along and brings as many jobs as
 * slots will want soon. Sleeps in Redis while all queues are empty.
 */
export class Dispatcher {
  readonly #source: JobSource;
  readonly #slots: JobSlots;
  readonly #times: ServiceTimes;
  readonly #order: QueueOrder;
  /** Leased jobs that no slot has begun, most urgent first. */
  #atHand: LeasedJob[] = [];
  #settled: SettledJob[] = [];
  #running = 0;
  /** Jobs asked for by the exchanges under way. */
  #asked = 0;
  #exchanges = 0;
  /** False from the moment all queues were found empty until Redis signals work. */
  #mayHaveWork = true;
  #asleep = false;
  /** A suspected job runs: no other does. */
  #alone = false;
  #draining = false;
  #idleTimer: NodeJS.Timeout | undefined;
  #ended: (() => void) | undefined;
  /** No more jobs are taken than this: memory pressure sets it. */
  #limit = Infinity;

  constructor(source: JobSource, slots: JobSlots, times: ServiceTimes, order: QueueOrder) {
    this.#order = order;
    this.#source = source;
    this.#slots = slots;
    this.#times = times;
  }

  /** Dispatches until `drain` is called and the last running job is recorded. */
  run(): Promise<void> {
    return new Promise((resolve) => {
      this.#ended = resolve;
      this.pump();
    });
  }

  /** Takes no new job from now on. */
  async drain(): Promise<void> {
    this.#draining = true;
    this.#giveBackAll();
    this.pump();
    await this.#source.interruptWait();
  }

  /** Runs at most so many jobs at once, whatever slots are free, until told otherwise. */
  limit(jobs: number): void {
    this.#limit = jobs;
    this.pump();
  }

  /** Has these jobs run in whatever slot is free next: the one they were given to is stuck. */
  takeBack(jobs: readonly LeasedJob[]): void {
    this.#keepAtHand(jobs);
    this.pump();
  }

  /** Starts whatever can be started. To be called when slots have come free, or into service. */
  pump(): void {
    this.#fillSlots();
    if (this.#exchanges >= MAX_EXCHANGES) return;
    const settled = this.#settled;
    // With something to record the round trip happens anyway, so it asks for work as well.
    const wanted = this.#mayHaveWork || settled.length > 0 ? this.#room() : 0;
    if (settled.length > 0 || wanted > 0) {
      this.#settled = [];
      void this.#exchange(settled, wanted);
    } else if (this.#draining && this.#running + this.#exchanges === 0) {
      this.#ended?.();
    }
  }

  /** How many more jobs to ask for. */
  #room(): number {
    if (this.#draining || this.#alone || this.#atHand.some(isSuspect)) return 0;
    const free = Math.min(this.#slots.free, Math.max(0, this.#limit - this.#running));
    const ahead = this.#limit === Infinity ? this.#times.atHand(this.#slots.size) : 0;
    return Math.max(0, free + ahead - this.#atHand.length - this.#asked);
  }

  #fillSlots(): void {
    while (this.#atHand.length > 0 && this.#slots.free > 0 && this.#running < this.#limit) {
      if (this.#alone) break;
      const suspects = this.#atHand.findIndex(isSuspect);
      if (suspects === 0 && this.#running > 0) break;
      if (suspects === 0) {
        void this.#runAlone(this.#atHand.splice(0, 1));
        break;
      }
      const ready = suspects < 0 ? this.#atHand : this.#atHand.slice(0, suspects);
      const fairShare = Math.ceil(ready.length / this.#slots.free);
      const tasks = ready.map((job) => job.task);
      void this.#runBatch(this.#atHand.splice(0, this.#times.batchSize(tasks, fairShare)));
    }
    this.#watchAtHand();
  }

  /** A job that was there when a worker died shares its worker with no other. */
  async #runAlone(suspect: LeasedJob[]): Promise<void> {
    this.#alone = true;
    for (const job of suspect) await this.#source.markAlone(job);
    await this.#runBatch(suspect);
    this.#alone = false;
    this.pump();
  }

  async #runBatch(batch: LeasedJob[]): Promise<void> {
    this.#running += 1;
    const { settled, unfinished } = await this.#slots.run(batch);
    this.#running -= 1;
    this.#settled.push(...settled);
    this.#keepAtHand(unfinished);
    if (settled.length < batch.length) this.#mayHaveWork = true;
    this.pump();
  }

  async #exchange(settled: SettledJob[], wanted: number): Promise<void> {
    this.#exchanges += 1;
    this.#asked += wanted;
    try {
      const reply = await this.#source.exchange(settled, wanted);
      this.#asked -= wanted;
      this.#keepAtHand(reply.taken);
      if (reply.taken.length < wanted) void this.#sleep(reply.nextDelayedAt);
    } catch (error) {
      this.#asked -= wanted;
      this.#settled.unshift(...settled);
      await this.#source.exchangeFailed(error);
    }
    this.#exchanges -= 1;
    this.pump();
  }

  async #sleep(until: number | undefined): Promise<void> {
    this.#mayHaveWork = false;
    if (this.#asleep) return;
    this.#asleep = true;
    await this.#source.waitForWork(until);
    this.#asleep = false;
    this.#mayHaveWork = true;
    if (this.#room() === 0) await this.#source.passOnSignal();
    this.pump();
  }

  /** An urgent job goes before less urgent ones that came earlier. */
  #keepAtHand(jobs: readonly LeasedJob[]): void {
    if (jobs.length === 0) return;
    for (const job of jobs) {
      const reason = this.#source.refuse(job);
      if (reason === undefined) this.#atHand.push(job);
      else this.#settled.push({ job, outcome: 'failed', value: reason });
    }
    // Under weighted order, jobs were taken in the turns that they are to run in.
    if (this.#order === 'strict') this.#atHand.sort(byUrgency);
    if (this.#draining) this.#giveBackAll();
  }

  /** Should all slots turn out to be busy for long, another worker may have a free one. */
  #watchAtHand(): void {
    clearTimeout(this.#idleTimer);
    if (this.#atHand.length === 0) return;
    if (this.#atHand.some(isSuspect)) return;
    this.#idleTimer = setTimeout(() => {
      this.#times.stuckFor(GIVE_BACK_MS);
      this.#giveBackAll();
      this.pump();
    }, GIVE_BACK_MS);
  }

  #giveBackAll(): void {
    clearTimeout(this.#idleTimer);
    // Each goes to the very front of its queue: the first in line has to come last.
    const jobs = this.#atHand.reverse();
    this.#atHand = [];
    this.#settled.push(...jobs.map((job) => ({ job, outcome: 'back' as const, value: '' })));
  }
}

function isSuspect(job: LeasedJob): boolean {
  return job.deaths > 0;
}

function byUrgency(a: LeasedJob, b: LeasedJob): number {
  return QUEUE_NAMES.indexOf(a.queue) - QUEUE_NAMES.indexOf(b.queue);
}
