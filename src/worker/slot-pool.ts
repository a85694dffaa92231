import type { LeasedJob } from '../queues/leased-job.js';
import type { TaskFacts } from '../tasks/task-modules.js';
import { noteProgress, type Occupation } from './occupation.js';
import type { BatchResult, Slot, SlotOptions } from './slot.js';
import type { SlotNews } from './slot-messages.js';
import { SlotStarts } from './slot-starts.js';

export interface SlotPoolOptions {
  slot: SlotOptions;
  count: number;
  /** A slot is replaced after so many jobs; 0: never. */
  maxTasksPerSlot: number;
  /** A slot that holds more than this after a job is replaced; meanwhile SlotMemoryWatch looks. */
  slotMemoryMb: number | undefined;
  /** Told what a running job says. */
  onNews(job: LeasedJob, news: SlotNews): void;
  /** Told when a slot has come into service or out of it. */
  onChange(): void;
  /** Told why a slot was replaced, or could not be started. */
  onReplaced(reason: string): void;
  onStartFailed(error: unknown): void;
}

/** The slots of one worker: keeps their number, replaces those that are worn or broken. */
export class SlotPool {
  readonly #options: SlotPoolOptions;
  #target: number;
  readonly #free: Slot[] = [];
  readonly #occupied = new Map<Slot, Occupation>();
  readonly #starts: SlotStarts;
  /** Worn slots that work on until their replacement is warm. */
  readonly #retiring = new Set<Slot>();
  /** Slots that go after their job, and why. */
  readonly #condemned = new WeakMap<Slot, string>();
  #tasks: ReadonlyMap<string, TaskFacts> = new Map();
  #stopped = false;

  constructor(options: SlotPoolOptions) {
    this.#options = options;
    this.#target = options.count;
    this.#starts = new SlotStarts({
      slot: options.slot,
      onStarted: (fresh) => this.#enter(fresh),
      onFailed: (error) => options.onStartFailed(error),
      onRetry: () => this.resize(this.#target),
    });
  }

  /** Slots that jobs may use. For moments there is one thread more: a fresh slot beside a worn one. */
  get size(): number {
    return Math.min(this.#target, this.#free.length + this.#occupied.size);
  }

  get free(): number {
    return Math.max(0, Math.min(this.#free.length, this.#target - this.#occupied.size));
  }

  /** The tasks that jobs may name, once the slots have started. */
  get tasks(): ReadonlyMap<string, TaskFacts> {
    return this.#tasks;
  }

  get target(): number {
    return this.#target;
  }

  /** What each slot held when it was last asked. */
  get memoryMb(): number[] {
    return [...this.#free, ...this.#occupied.keys()].map((slot) => slot.memoryMb);
  }

  get occupations(): Occupation[] {
    return [...this.#occupied.values()];
  }

  /**
   * Starts and warms all slots; the first alone, so that `fits` can judge by what one holds.
   * @throws DswError `config` when a module of the user's tasks is wrong.
   */
  async start(fits: () => void): Promise<void> {
    const first = await this.#starts.start();
    this.#free.push(first);
    this.#tasks = new Map((await first.describeTasks()).map((facts) => [facts.name, facts]));
    this.#starts.tasksChecked = true;
    fits();
    const rest = Array.from({ length: this.#target - 1 }, () => this.#starts.start());
    this.#free.push(...(await Promise.all(rest)));
  }

  /** Runs jobs one after the other in a free slot. @returns with `jobs`: those not withdrawn. */
  async run(batch: readonly LeasedJob[]): Promise<BatchResult & { jobs: readonly LeasedJob[] }> {
    const slot = this.#takeFree();
    const occupation: Occupation = { slot, jobs: batch, progress: undefined, step: undefined };
    this.#occupied.set(slot, occupation);
    slot.onNews = (news) => {
      if ('progress' in news) noteProgress(occupation, news);
      const job = batch.find(({ id }) => id === news.jobId);
      if (job) this.#options.onNews(job, news);
    };
    const result = await slot.run(
      batch.map(({ id, task, data, attemptsMade, parts }) => ({
        id,
        task,
        data,
        attempt: attemptsMade + 1,
        parts,
      })),
    );
    this.#occupied.delete(slot);
    this.#release(slot);
    return { ...result, jobs: occupation.jobs };
  }

  /** Takes back the jobs of a batch that its slot has not begun. */
  withdraw(occupation: Occupation): LeasedJob[] {
    const begun = occupation.slot.claims.withdraw();
    const withdrawn = occupation.jobs.slice(begun);
    occupation.jobs = occupation.jobs.slice(0, begun);
    return withdrawn;
  }

  /** Changes the number of slots; those that are too many end after their job. */
  resize(count: number): void {
    this.#target = count;
    while (this.#lasting() + this.#starts.underWay < count) this.#starts.add();
    while (this.#lasting() > count && this.#free.length > 0) void this.#takeFree().stop();
    this.#options.onChange();
  }

  /** Replaces the slot that has grown most, at once or after its job: memory is short. */
  replaceLargest(reason: string): void {
    const slots = [...this.#free, ...this.#occupied.keys()];
    if (this.#starts.underWay > 0 || slots.some((slot) => this.#condemned.has(slot))) return;
    const largest = slots.filter(hasGrown).sort((a, b) => b.memoryMb - a.memoryMb)[0];
    if (!largest) return;
    this.#condemned.set(largest, reason);
    const idle = this.#free.indexOf(largest);
    if (idle < 0) return;
    this.#free.splice(idle, 1);
    this.#release(largest);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#starts.stop();
    await Promise.all([...this.#free, ...this.#occupied.keys()].map((slot) => slot.stop()));
  }

  /** Slots in service that are there to stay. */
  #lasting(): number {
    const slots = [...this.#free, ...this.#occupied.keys()];
    return slots.filter((slot) => !this.#retiring.has(slot)).length;
  }

  /** A free slot, a worn one only when there is no other. */
  #takeFree(): Slot {
    const fresh = this.#free.findLastIndex((slot) => !this.#retiring.has(slot));
    const [slot] = this.#free.splice(fresh, 1);
    if (!slot) throw new Error('no slot is free');
    return slot;
  }

  /** Back from its jobs: to the free ones, or out of service. */
  #release(slot: Slot): void {
    const { maxTasksPerSlot, slotMemoryMb } = this.#options;
    if (slot.broken) {
      this.#dismiss(slot, 'its thread ended');
    } else if (this.#lasting() >= this.#target) {
      // There are enough without it: resized, or its replacement is in service.
      this.#retiring.delete(slot);
      void slot.stop();
    } else if (this.#condemned.has(slot)) {
      this.#dismiss(slot, this.#condemned.get(slot) ?? '');
    } else if (slotMemoryMb !== undefined && slot.memoryMb > slotMemoryMb) {
      this.#dismiss(slot, `it held ${Math.round(slot.memoryMb)} MB of ${slotMemoryMb} MB`);
    } else {
      this.#free.push(slot);
      if (maxTasksPerSlot > 0 && slot.jobs >= maxTasksPerSlot)
        this.#retire(slot, `it ran ${slot.jobs} jobs`);
    }
    this.#options.onChange();
  }

  /** Out of service at once; a fresh slot comes when it is warm. */
  #dismiss(slot: Slot, reason: string): void {
    this.#retiring.delete(slot);
    void slot.stop();
    this.#options.onReplaced(reason);
    if (this.#lasting() + this.#starts.underWay < this.#target) this.#starts.add();
  }

  /** Out of service when its replacement is warm. One at a time: each start costs a core for a while. */
  #retire(slot: Slot, reason: string): void {
    if (this.#retiring.has(slot) || this.#starts.underWay > 0 || this.#stopped) return;
    this.#retiring.add(slot);
    this.#options.onReplaced(reason);
    this.#starts.add();
  }

  /** A fresh slot takes the place of a retiring one that is idle; a busy one follows after its job. */
  #enter(fresh: Slot): void {
    this.#free.push(fresh);
    const idle = this.#free.find((slot) => this.#retiring.has(slot));
    if (idle && this.#lasting() >= this.#target) {
      this.#free.splice(this.#free.indexOf(idle), 1);
      this.#retiring.delete(idle);
      void idle.stop();
    }
    this.#options.onChange();
  }
}

/** Whether a slot holds clearly more than when it was fresh, so that replacing it gives memory back. */
function hasGrown(slot: Slot): boolean {
  return slot.jobs > 0 && slot.memoryMb > slot.freshMemoryMb * 1.1;
}
