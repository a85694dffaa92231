import type { QueueName } from '../planning/queue-names.js';
import type { QueueOrder } from '../planning/queue-order.js';
import type { IdleSlots } from '../planning/snapshot.js';
import type { SettledJob } from '../queues/job-exchange.js';
import type { LeasedJob } from '../queues/leased-job.js';
import { AtHand } from './at-hand.js';
import type { JobSlots, JobSource } from './job-flow.js';
import type { ServiceTimes } from './service-times.js';

/**
 * So many exchanges may be under way at once: Redis works on one while the next gathers what
 * finishes meanwhile. More would only make each smaller.
 */
const MAX_EXCHANGES = 2;
/** Jobs at hand that no slot has begun for so long go back to their queues. */
const GIVE_BACK_MS = 50;

/** What a slot works on: jobs of the same kind come next, as far as one can tell. */
interface RunningBatch {
  task: string;
  /** It takes longer than its kind does. */
  stuck: boolean;
}

/**
 * Keeps slots busy. An exchange with Redis takes what has finished along and brings as many jobs as
 * slots will want soon. Sleeps in Redis while all queues are empty.
 */
export class Dispatcher {
  readonly #source: JobSource;
  readonly #slots: JobSlots;
  readonly #times: ServiceTimes;
  readonly #atHand: AtHand;
  #settled: SettledJob[] = [];
  readonly #running = new Set<RunningBatch>();
  /** Jobs asked for by the exchanges under way. */
  #asked = 0;
  #exchanges = 0;
  /** False from the moment all queues were found empty until Redis signals work. */
  #mayHaveWork = true;
  #asleep = false;
  /** The suspected job that runs: no other does. */
  #alone: LeasedJob | undefined;
  #draining = false;
  #abandoned = false;
  #idleTimer: NodeJS.Timeout | undefined;
  #ended: (() => void) | undefined;
  /** No more jobs are taken than this: memory pressure sets it. */
  #limit = Infinity;

  /** @param serves the queues, most urgent first, and the order over them. */
  constructor(
    source: JobSource,
    slots: JobSlots,
    times: ServiceTimes,
    serves: { queues: readonly QueueName[]; queueOrder: QueueOrder },
  ) {
    this.#atHand = new AtHand(serves.queues, serves.queueOrder);
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

  /** Does nothing more, whatever is left: Redis can't be reached, and the process has to end. */
  abandon(): void {
    this.#abandoned = true;
    clearTimeout(this.#idleTimer);
  }

  /** Why free slots take nothing, as far as it is up to this; undefined while it asks for jobs. */
  get idle(): IdleSlots | undefined {
    const suspect = this.#alone ?? this.#atHand.suspect;
    if (suspect) {
      const what = this.#alone ? 'runs alone' : 'is to run alone, once what runs has ended';
      const reason = `${suspect.id} ${what}: it was there when a worker died`;
      return { cause: 'suspect', reason, jobId: suspect.id };
    }
    return this.#asleep ? { cause: 'no jobs', reason: 'no jobs' } : undefined;
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

  /** Somebody else has this job now. */
  forget(jobId: string): void {
    this.#atHand.remove(jobId);
  }

  /** Makes a dead letter of a job that no slot has begun. @returns whether there is such a job. */
  cancel(jobId: string): boolean {
    const job = this.#atHand.remove(jobId);
    if (!job) return false;
    this.#settled.push({ job, outcome: 'failed', value: 'cancelled' });
    this.pump();
    return true;
  }

  /** Starts whatever can be started. To be called when slots have come free, or into service. */
  pump(): void {
    if (this.#abandoned) return;
    this.#fillSlots();
    if (this.#exchanges >= MAX_EXCHANGES) return;
    const settled = this.#settled;
    // With something to record the round trip happens anyway, so it asks for work as well.
    const wanted = this.#mayHaveWork || settled.length > 0 ? this.#room() : 0;
    if (settled.length > 0 || wanted > 0) {
      this.#settled = [];
      void this.#exchange(settled, wanted);
    } else if (this.#draining && !this.#asleep && this.#running.size + this.#exchanges === 0) {
      this.#ended?.();
    }
  }

  /** How many more jobs to ask for. */
  #room(): number {
    if (this.#draining || this.#alone || this.#atHand.suspect) return 0;
    const free = Math.min(this.#slots.free, Math.max(0, this.#limit - this.#running.size));
    const ahead = this.#limit === Infinity ? this.#wantedSoon() : 0;
    return Math.max(0, free + ahead - this.#atHand.length - this.#asked);
  }

  /** Jobs that slots which are busy now will want in a moment. */
  #wantedSoon(): number {
    let jobs = 0;
    for (const { task, stuck } of this.#running) jobs += stuck ? 0 : this.#times.ahead(task);
    return jobs;
  }

  #fillSlots(): void {
    while (this.#atHand.length > 0 && this.#slots.free > 0 && this.#running.size < this.#limit) {
      if (this.#alone) break;
      if (this.#atHand.suspectIsNext) {
        if (this.#running.size === 0) void this.#runAlone(this.#atHand.take(1));
        break;
      }
      const { ready } = this.#atHand;
      const fairShare = Math.ceil(ready.length / this.#slots.free);
      void this.#runBatch(this.#atHand.take(this.#times.batchSize(ready, fairShare)));
    }
    this.#watchAtHand();
  }

  /** A job that was there when a worker died shares its worker with no other. */
  async #runAlone(suspect: LeasedJob[]): Promise<void> {
    [this.#alone] = suspect;
    for (const job of suspect) await this.#source.markAlone(job);
    await this.#runBatch(suspect);
    this.#alone = undefined;
    this.pump();
  }

  async #runBatch(batch: LeasedJob[]): Promise<void> {
    const running = { task: batch[0]?.task ?? '', stuck: false };
    this.#running.add(running);
    const { settled, unfinished } = await this.#slots.run(batch);
    this.#running.delete(running);
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
    // For slots that are free now; what others will want in a moment may go elsewhere.
    const wanted = Math.min(this.#room(), this.#slots.free);
    this.#asked += wanted;
    const reply = await this.#source.waitForWork(until, wanted);
    this.#asked -= wanted;
    this.#asleep = false;
    this.#keepAtHand(reply?.taken ?? []);
    if (reply && reply.taken.length < wanted && !this.#draining)
      void this.#sleep(reply.nextDelayedAt);
    else this.#mayHaveWork = true;
    if (!reply && this.#room() === 0) await this.#source.passOnSignal();
    this.pump();
  }

  #keepAtHand(jobs: readonly LeasedJob[]): void {
    if (jobs.length === 0) return;
    const reasons = jobs.map((job) => this.#source.refuse(job));
    this.#atHand.add(jobs.filter((_, i) => reasons[i] === undefined));
    for (const [i, job] of jobs.entries()) {
      const value = reasons[i];
      if (value !== undefined) this.#settled.push({ job, outcome: 'failed', value });
    }
    if (this.#draining) this.#giveBackAll();
  }

  /** Should all slots turn out to be busy for long, another worker may have a free one. */
  #watchAtHand(): void {
    clearTimeout(this.#idleTimer);
    if (this.#atHand.length === 0) return;
    if (this.#atHand.suspect) return;
    this.#idleTimer = setTimeout(() => {
      for (const batch of this.#running) batch.stuck = true;
      this.#giveBackAll();
      this.pump();
    }, GIVE_BACK_MS);
  }

  #giveBackAll(): void {
    clearTimeout(this.#idleTimer);
    // Each goes to the very front of its queue: the first in line has to come last.
    const jobs = this.#atHand.take(Infinity).reverse();
    this.#settled.push(...jobs.map((job) => ({ job, outcome: 'back' as const, value: '' })));
  }
}
