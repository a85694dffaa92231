import type { IdleSlots } from '../planning/snapshot.js';
import type { LeasedJob } from '../queues/leased-job.js';
import type { AtHand } from './at-hand.js';
import type { BatchOutcome, JobSlots } from './job-flow.js';
import { isTimeToMakeRoom } from './making-room.js';
import { RunningBatches } from './running-batches.js';
import type { ServiceTimes } from './service-times.js';

export interface SlotFillerOptions {
  slots: JobSlots;
  atHand: AtHand;
  times: ServiceTimes;
  /** Notes that a suspect runs alone now. */
  markAlone(suspect: LeasedJob): Promise<void>;
  /** Told how a batch ended: slots are free again. */
  onEnded(batch: readonly LeasedJob[], outcome: BatchOutcome): void;
  /** Told when other jobs may run again after a suspect, or when it could not be marked. */
  onAlone(error: unknown): Promise<void>;
}

/** Gives what is at hand to the slots: most jobs beside each other, each suspect alone. */
export class SlotFiller {
  readonly #options: SlotFillerOptions;
  readonly #running: RunningBatches;
  /** The suspect that runs, and the one that jobs make room for: no other is begun meanwhile. */
  #runsAlone: LeasedJob | undefined;
  #roomFor: LeasedJob | undefined;
  /** No more jobs run at once than this: memory pressure sets it. */
  limit = Infinity;

  constructor(options: SlotFillerOptions) {
    this.#options = options;
    this.#running = new RunningBatches(options.times);
  }

  /** Batches that run. */
  get running(): number {
    return this.#running.size;
  }

  /** The suspect that slots stand idle for, now or as soon as they are free. */
  get alone(): LeasedJob | undefined {
    return this.#runsAlone ?? this.#roomFor;
  }

  /** Why free slots are given nothing, if so. */
  get idle(): IdleSlots | undefined {
    if (!this.alone) return undefined;
    const { id } = this.alone;
    const what = this.#runsAlone ? 'runs alone' : 'is to run alone, once what runs has ended';
    const reason = `${id} ${what}: it was there when a worker died`;
    return { cause: 'suspect', reason, jobId: id };
  }

  /** How many jobs to have at hand beside those that run. */
  get appetite(): number {
    if (this.alone) return 0;
    const { slots } = this.#options;
    const free = Math.min(slots.free, Math.max(0, this.limit - this.running));
    return free + (this.limit === Infinity ? this.#running.wantedSoon : 0);
  }

  /** For how long what is at hand keeps all slots busy; 0 when one is free. */
  get suppliedMs(): number {
    const { slots, atHand, times } = this.#options;
    if (slots.free > 0 || atHand.length === 0) return 0;
    return times.togetherMs(atHand.tasks) / slots.size;
  }

  /** Starts whatever can be started. */
  fill(): void {
    const { slots, atHand, times } = this.#options;
    this.#makeRoom();
    while (slots.free > 0 && this.running < this.limit) {
      if (this.running === 0 && this.#startAlone()) break;
      if (this.alone || atHand.length === 0) break;
      const { tasks } = atHand;
      const fairShare = Math.ceil(tasks.length / slots.free);
      void this.#run(atHand.take(times.batchSize(tasks, fairShare)));
    }
  }

  /** What runs takes longer than its kind does: nothing is wanted for after it. */
  markStuck(): void {
    this.#running.markStuck();
  }

  /** From the moment that a suspect's turn has come, no other job is begun. */
  #makeRoom(): void {
    const { suspect } = this.#options.atHand;
    if (this.#roomFor !== suspect) this.#roomFor = undefined;
    // With nothing running there is room: then its place in the order decides.
    if (!suspect || this.running === 0) return;
    const waitedMs = suspect.leasedAt - suspect.readyAt;
    if (isTimeToMakeRoom(waitedMs, this.#running.remainingMs)) this.#roomFor = suspect;
  }

  /** With nothing running: starts a suspect whose turn it is. @returns whether there is one. */
  #startAlone(): boolean {
    const { suspect, suspectIsNext } = this.#options.atHand;
    if (!suspect || this.#runsAlone) return false;
    if (!this.#roomFor && !suspectIsNext) return false;
    this.#runsAlone = suspect;
    void this.#runAlone(suspect);
    return true;
  }

  async #runAlone(suspect: LeasedJob): Promise<void> {
    const { atHand, markAlone, onAlone } = this.#options;
    const error: unknown = await markAlone(suspect).catch((reason: unknown) => reason);
    // It may have been cancelled, or gone back, in the meantime.
    const job = error === undefined ? atHand.remove(suspect.id) : undefined;
    if (job) await this.#run([job]);
    this.#runsAlone = undefined;
    await onAlone(error);
  }

  async #run(batch: LeasedJob[]): Promise<void> {
    const ended = this.#running.begin(batch);
    const outcome = await this.#options.slots.run(batch);
    ended();
    this.#options.onEnded(batch, outcome);
  }
}
