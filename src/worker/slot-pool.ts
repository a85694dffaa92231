import type { LeasedJob } from '../queues/job-exchange.js';
import type { SlotReply, SlotSetup } from './slot-messages.js';
import { Slot } from './slot.js';

/** A job in a slot. */
export interface Occupation {
  job: LeasedJob;
  startedAt: number;
  progress: string | undefined;
}

/** The slots of one worker and what runs in them. */
export class SlotPool {
  readonly #slots: Slot[];
  readonly #free: Slot[];
  readonly #occupied = new Map<Slot, Occupation>();

  constructor(setup: SlotSetup, count: number, warmTasks: string[]) {
    this.#slots = Array.from({ length: count }, () => new Slot(setup, warmTasks));
    this.#free = [...this.#slots];
  }

  get size(): number {
    return this.#slots.length;
  }

  /** What runs now. */
  get occupations(): Occupation[] {
    return [...this.#occupied.values()];
  }

  /** Starts and warms all slots. */
  async start(): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.start()));
  }

  /** Runs a job in a free slot. The dispatcher takes no more jobs than there are. */
  async run(job: LeasedJob): Promise<SlotReply> {
    const slot = this.#free.pop();
    if (!slot) throw new Error('no slot is free');
    const occupation: Occupation = { job, startedAt: Date.now(), progress: undefined };
    this.#occupied.set(slot, occupation);
    slot.onProgress = ({ progress }) => (occupation.progress = progress);
    try {
      return await slot.run({
        id: job.id,
        task: job.task,
        data: job.data,
        attempt: job.attemptsMade + 1,
      });
    } finally {
      this.#occupied.delete(slot);
      this.#free.push(slot);
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.stop()));
  }
}
