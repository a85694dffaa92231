import type { ExchangeReply, FinishedJob, LeasedJob } from '../queues/job-exchange.js';

/** Where the dispatcher gets its jobs and leaves what became of them. */
export interface JobSource {
  exchange(finished: readonly FinishedJob[], wanted: number): Promise<ExchangeReply>;
  /** Resolves when there may be work again, at `until` at the latest. */
  waitForWork(until: number | undefined): Promise<void>;
  /** Lets another worker have the signal that ended the last wait. */
  passOnSignal(): Promise<void>;
  interruptWait(): Promise<void>;
  /** An exchange failed although Redis answers (full, read-only). Resolves when to try again. */
  exchangeFailed(error: unknown): Promise<void>;
}

/** Runs a job to its end. Undefined: nothing is left to record, the job was given back or lost. */
export type JobRunner = (job: LeasedJob) => Promise<FinishedJob | undefined>;

/**
 * Keeps slots busy: one exchange with Redis at a time, which takes what has finished along and
 * brings as many jobs as there are free slots. Sleeps in Redis while all queues are empty.
 */
export class Dispatcher {
  readonly #source: JobSource;
  readonly #run: JobRunner;
  readonly #slots: number;
  #running = 0;
  #finished: FinishedJob[] = [];
  /** False from the moment all queues were found empty until Redis signals work. */
  #mayHaveWork = true;
  #draining = false;
  #wake: (() => void) | undefined;

  constructor(source: JobSource, slots: number, run: JobRunner) {
    this.#source = source;
    this.#slots = slots;
    this.#run = run;
  }

  /** Dispatches until `drain` is called and the last running job is recorded. */
  async run(): Promise<void> {
    while (!this.#draining || this.#running > 0 || this.#finished.length > 0) {
      const free = this.#draining ? 0 : this.#slots - this.#running;
      const finished = this.#finished;
      // With something to record the round trip happens anyway, so it asks for work as well.
      const wanted = this.#mayHaveWork || finished.length > 0 ? free : 0;
      if (finished.length === 0 && wanted === 0) {
        await new Promise<void>((wake) => (this.#wake = wake));
        continue;
      }
      this.#finished = [];
      await this.#exchange(finished, wanted);
    }
  }

  /** Takes no new job from now on. */
  async drain(): Promise<void> {
    this.#draining = true;
    this.#poke();
    await this.#source.interruptWait();
  }

  async #exchange(finished: FinishedJob[], wanted: number): Promise<void> {
    let reply: ExchangeReply;
    try {
      reply = await this.#source.exchange(finished, wanted);
    } catch (error) {
      this.#finished.unshift(...finished);
      await this.#source.exchangeFailed(error);
      return;
    }
    for (const job of reply.taken) this.#start(job);
    if (reply.taken.length < wanted) this.#sleep(reply.nextDelayedAt);
  }

  #start(job: LeasedJob): void {
    this.#running += 1;
    void this.#run(job).then((finished) => {
      this.#running -= 1;
      if (finished) this.#finished.push(finished);
      else this.#mayHaveWork = true;
      this.#poke();
    });
  }

  #sleep(until: number | undefined): void {
    const wasAwake = this.#mayHaveWork;
    this.#mayHaveWork = false;
    if (!wasAwake) return;
    void this.#waitForWork(until);
  }

  async #waitForWork(until: number | undefined): Promise<void> {
    await this.#source.waitForWork(until);
    this.#mayHaveWork = true;
    if (this.#running >= this.#slots) await this.#source.passOnSignal();
    this.#poke();
  }

  #poke(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
