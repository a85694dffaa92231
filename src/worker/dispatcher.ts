import type { QueueName } from '../planning/queue-names.js';
import type { QueueOrder } from '../planning/queue-order.js';
import type { IdleSlots } from '../planning/snapshot.js';
import type { SettledJob } from '../queues/job-exchange.js';
import type { LeasedJob } from '../queues/leased-job.js';
import { AtHand } from './at-hand.js';
import { GiveBack } from './give-back.js';
import type { BatchOutcome, JobSlots, JobSource } from './job-flow.js';
import type { ServiceTimes } from './service-times.js';
import { SlotFiller } from './slot-filler.js';
import { Unrecorded } from './unrecorded.js';

/**
 * So many exchanges may be under way at once: Redis works on one while the next gathers what
 * finishes meanwhile. More would only make each smaller.
 */
const MAX_EXCHANGES = 2;
/**
 * While all slots are busy and have their next jobs at hand for longer than this, what has finished
 * waits so long for more to go along: an exchange costs the same for one job and for three.
 */
const HOLD_MS = 10;

/**
 * Keeps slots busy. An exchange with Redis takes what has finished along and brings as many jobs as
 * slots will want soon. Sleeps in Redis while all queues are empty.
 */
export class Dispatcher {
  readonly #source: JobSource;
  readonly #slots: JobSlots;
  readonly #atHand: AtHand;
  readonly #filler: SlotFiller;
  readonly #giveBack: GiveBack;
  readonly #unrecorded = new Unrecorded();
  /** Jobs asked for by the exchanges under way. */
  #asked = 0;
  #exchanges = 0;
  /** False from the moment all queues were found empty until Redis signals work. */
  #mayHaveWork = true;
  #asleep = false;
  #draining = false;
  #abandoned = false;
  #ended: (() => void) | undefined;

  /** @param serves the queues, most urgent first, and the order over them. */
  constructor(
    source: JobSource,
    slots: JobSlots,
    times: ServiceTimes,
    serves: { queues: readonly QueueName[]; queueOrder: QueueOrder },
  ) {
    this.#source = source;
    this.#slots = slots;
    this.#atHand = new AtHand(serves.queues, serves.queueOrder);
    this.#filler = new SlotFiller({
      slots,
      atHand: this.#atHand,
      times,
      markAlone: (suspect) => source.markAlone(suspect),
      onEnded: (batch, outcome) => this.#batchEnded(batch, outcome),
      onAlone: async (error) => {
        if (error !== undefined) await source.exchangeFailed(error);
        this.pump();
      },
    });
    this.#giveBack = new GiveBack(this.#atHand, {
      onStuck: (jobs) => {
        this.#filler.markStuck();
        this.#unrecorded.addUnbegun(jobs);
        this.pump();
      },
      onOffer: (suspects) => {
        this.#unrecorded.addUnbegun(suspects);
        // Nothing is asked for with it: an idle worker comes first.
        void this.#exchange(this.#unrecorded.takeAll(), 0);
      },
    });
  }

  /** Why free slots take nothing, as far as it is up to this; undefined while it asks for jobs. */
  get idle(): IdleSlots | undefined {
    const { idle } = this.#filler;
    if (idle) return idle;
    return this.#asleep ? { cause: 'no jobs', reason: 'no jobs' } : undefined;
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
    this.#giveBack.stop();
  }

  /** Runs at most so many jobs at once, whatever slots are free, until told otherwise. */
  limit(jobs: number): void {
    this.#filler.limit = jobs;
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
    this.#unrecorded.add([{ job, outcome: 'failed', value: 'cancelled' }]);
    this.pump();
    return true;
  }

  /** Starts whatever can be started. To be called when slots have come free, or into service. */
  pump(): void {
    if (this.#abandoned) return;
    this.#filler.fill();
    this.#giveBack.watch(this.#filler.alone !== undefined);
    if (this.#exchanges >= MAX_EXCHANGES || this.#maySpare()) return;
    const { length } = this.#unrecorded;
    // With something to record the round trip happens anyway, so it asks for work as well.
    const wanted = this.#mayHaveWork || length > 0 ? this.#room() : 0;
    if (length > 0 || wanted > 0) {
      void this.#exchange(this.#unrecorded.takeAll(), wanted);
    } else if (this.#draining && !this.#asleep && this.#filler.running + this.#exchanges === 0) {
      this.#ended?.();
    }
  }

  /** Whether an exchange can wait for more to go along. */
  #maySpare(): boolean {
    if (this.#draining || this.#filler.suppliedMs <= HOLD_MS) return false;
    return this.#unrecorded.mayWait(HOLD_MS, () => this.pump());
  }

  /** How many more jobs to ask for. */
  #room(): number {
    if (this.#draining) return 0;
    return Math.max(0, this.#filler.appetite - this.#atHand.length - this.#asked);
  }

  #batchEnded(batch: readonly LeasedJob[], { settled, unfinished }: BatchOutcome): void {
    this.#unrecorded.add(settled);
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
      // Told to drain meanwhile, nobody would end the wait.
      if (reply.taken.length < wanted && !this.#draining) void this.#sleep(reply.nextDelayedAt);
    } catch (error) {
      this.#asked -= wanted;
      this.#unrecorded.putBack(settled);
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
      if (value !== undefined) this.#unrecorded.add([{ job, outcome: 'failed', value }]);
    }
    if (this.#draining) this.#giveBackAll();
  }

  #giveBackAll(): void {
    const jobs = [...this.#atHand.takeSuspects(Infinity), ...this.#atHand.take(Infinity)];
    this.#unrecorded.addUnbegun(jobs);
  }
}
