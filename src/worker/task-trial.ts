import { StartStop, within } from '../lifecycle.js';
import { Periodic } from '../periodic.js';
import { newId } from '../queues/job-id.js';
import { encodePayload } from '../queues/job-payload.js';
import type { TaskFacts } from '../tasks/task-modules.js';
import { MAKE_WAY_MS } from './job-runner.js';
import { Programs } from './programs.js';
import type { SlotNews, SlotReply, SlotSetup } from './slot-messages.js';
import { SlotPool } from './slot-pool.js';
import { Watchdog, WATCHDOG_SECONDS, type WatchdogOptions } from './watchdog.js';

export interface TaskTrialOptions {
  setup: Omit<SlotSetup, 'claims'>;
  limits: WatchdogOptions['limits'];
  /** Told what the job says while it runs. */
  onNews(news: SlotNews): void;
}

/** What became of a job on trial. */
export interface TrialResult {
  reply: Exclude<SlotReply, { outcome: 'split' }>;
  memoryMb: number;
}

/** A slot without queues, for trying tasks out: no lease, no retry, no record. */
export class TaskTrial extends StartStop {
  readonly #programs = new Programs();
  readonly #slots: SlotPool;
  readonly #watch: Periodic;
  #running: Promise<unknown> = Promise.resolve();

  constructor({ setup, limits, onNews }: TaskTrialOptions) {
    super();
    this.#slots = new SlotPool({
      slot: { setup, programs: this.#programs, warmTasks: [], heapLimitMb: undefined },
      count: 1,
      maxTasksPerSlot: 0,
      slotMemoryMb: undefined,
      onNews: (_job, news) => onNews(news),
      onChange: () => undefined,
      onReplaced: () => undefined,
      onStartFailed: () => undefined,
    });
    const watchdog = new Watchdog({ slots: this.#slots, limits, takeBack: () => undefined });
    const look = (): Promise<void> => {
      watchdog.look(Date.now());
      return Promise.resolve();
    };
    this.#watch = new Periodic(WATCHDOG_SECONDS, look, () => undefined);
  }

  /** The tasks that there are, once it has started. */
  get tasks(): readonly TaskFacts[] {
    return [...this.#slots.tasks.values()];
  }

  /** Runs one job, as a worker would. @returns what became of it, and what its slot held then. */
  async run(task: string, input: unknown): Promise<TrialResult> {
    const now = Date.now();
    const running = this.#slots.run([
      {
        id: newId('j'),
        queue: 'default',
        token: '',
        task,
        data: JSON.stringify(encodePayload({ input })),
        attemptsMade: 0,
        attempts: 1,
        deaths: 0,
        brokeSlot: false,
        cancelled: false,
        enqueuedAt: now,
        readyAt: now,
        leasedAt: now,
        trace: undefined,
        // Without queues, nobody would run its parts.
        parts: { done: 0, kept: 0, total: 0, unit: '', begunAt: now, readyAt: now },
      },
    ]);
    this.#running = running;
    const { replies, memoryMb } = await running;
    const [reply] = replies;
    if (!reply || reply.outcome === 'split') throw new Error('the slot has run nothing to its end');
    return { reply, memoryMb };
  }

  protected async onStart(): Promise<void> {
    await this.#slots.start(() => undefined);
    void this.#watch.start();
  }

  /** A job that still runs is asked to end, and a moment later ended. */
  protected async onStop(): Promise<void> {
    for (const { slot, jobs } of this.#slots.occupations)
      for (const { id } of jobs) slot.abort(id, 'stopped');
    await within(this.#running, MAKE_WAY_MS);
    await this.#watch.stop();
    await this.#slots.stop();
    await this.#programs.stop();
  }
}
