import { join } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { packageRoot } from '../config/package-root.js';
import { DswError, messageOf } from '../errors.js';
import { within } from '../lifecycle.js';
import type { ProgramHost } from '../tasks/program-host.js';
import type { TaskFacts } from '../tasks/task-modules.js';
import { Claims } from './claims.js';
import type {
  MoreTries,
  ProgramAnswer,
  ProgramQuestion,
  SlotAnswer,
  SlotJob,
  SlotOrder,
  SlotNews,
  SlotRefusal,
  SlotReply,
  SlotRequest,
  SlotSetup,
} from './slot-messages.js';

const THREAD_FILE = join(packageRoot(), 'dist', 'worker', 'slot-thread.js');
/** A thread that is ended is gone within moments. */
const EXIT_MS = 5000;

export interface SlotOptions {
  setup: Omit<SlotSetup, 'claims'>;
  programs: ProgramHost;
  /** Tasks that the slot is made ready for when it starts. */
  warmTasks: readonly string[];
  /** Bound on the JavaScript heap; the rest of a slot's memory is measured. */
  heapLimitMb: number | undefined;
}

/** What became of a batch. */
export interface BatchResult {
  /** For the jobs that were begun, in order; the last may have ended its thread. */
  replies: SlotReply[];
  /** Jobs that were begun and finished, but whose replies went down with the thread. */
  unheard: number;
  /** What the slot held afterwards. */
  memoryMb: number;
}

/**
 * Room for one running job: a Piscina of exactly one thread. Piscina can neither recycle a single
 * thread of a pool nor resize it; with a pool for each slot, both are plain.
 */
export class Slot {
  readonly #options: SlotOptions;
  readonly claims = new Claims();
  #pool: Piscina | undefined;
  #orders: MessagePort | undefined;
  /** Told what the running job says while it runs. */
  onNews: ((news: SlotNews) => void) | undefined;
  /** Jobs run by this thread so far. */
  jobs = 0;
  /** What the thread held when it was last measured: after a batch, or in it. */
  memoryMb = 0;
  freshMemoryMb = 0;
  #broken = false;
  /** Why this side ended the thread, and whether its job may be tried again. */
  #endedFor: { reason: string; moreTries: MoreTries } | undefined;

  constructor(options: SlotOptions) {
    this.#options = options;
  }

  /** True when the thread is gone, or can't be trusted: run nothing more in it. */
  get broken(): boolean {
    return this.#broken;
  }

  /**
   * Starts the thread and loads what jobs will need.
   * @throws DswError `config` when a module of the user's tasks is wrong, or a task to warm unknown.
   */
  async start(): Promise<void> {
    const { setup, warmTasks, heapLimitMb } = this.#options;
    const pool = new Piscina({
      filename: THREAD_FILE,
      minThreads: 1,
      maxThreads: 1,
      idleTimeout: Infinity,
      workerData: { ...setup, claims: this.claims.memory } satisfies SlotSetup,
      recordTiming: false,
      ...(heapLimitMb === undefined
        ? {}
        : { resourceLimits: { maxOldGenerationSizeMb: heapLimitMb } }),
    });
    this.#pool = pool;
    pool.on('message', (news: SlotNews) => this.onNews?.(news));
    // A thread that dies fails what it ran; this slot is not used again.
    pool.on('error', () => (this.#broken = true));
    const { port1, port2 } = new MessageChannel();
    port1.on('message', (question: ProgramQuestion) => void this.#askProgram(question));
    port1.unref();
    this.#orders = port1;
    const request: SlotRequest = { kind: 'warmUp', tasks: [...warmTasks], orders: port2 };
    const { memoryMb } = await this.#ask(request, [port2]);
    this.memoryMb = memoryMb;
    this.freshMemoryMb = memoryMb;
  }

  /** The tasks that jobs may name. */
  async describeTasks(): Promise<TaskFacts[]> {
    return (await this.#ask({ kind: 'describe' })).facts ?? [];
  }

  /** Node's number of the thread; 0, which is none of a slot's, before the start and after the end. */
  get thread(): number {
    return this.#pool?.threads[0]?.threadId ?? 0;
  }

  /** Runs jobs one after the other, as far as they are not withdrawn meanwhile. */
  async run(jobs: readonly SlotJob[]): Promise<BatchResult> {
    this.claims.open(jobs.length);
    try {
      const answer = await this.#ask({ kind: 'run', jobs: [...jobs] });
      this.jobs += answer.replies.length;
      this.memoryMb = answer.memoryMb;
      if (answer.replies.some((reply) => reply.outcome === 'failed' && reply.spoiled))
        this.#broken = true;
      return { replies: answer.replies, unheard: 0, memoryMb: answer.memoryMb };
    } catch (error) {
      this.#broken = true;
      const begun = this.claims.claimed;
      const reply = threadEnded(this.#endedFor, error, Date.now() - this.claims.startedAt);
      const { memoryMb } = this;
      return begun === 0
        ? { replies: [], unheard: 0, memoryMb }
        : { replies: [reply], unheard: begun - 1, memoryMb };
    }
  }

  async #ask(request: SlotRequest, transferList: MessagePort[] = []): Promise<SlotAnswer> {
    if (!this.#pool) throw new Error('the slot was stopped');
    const answer = (await this.#pool.run(request, { transferList })) as SlotAnswer | SlotRefusal;
    if (!('refused' in answer)) return answer;
    const { refused, hint } = answer;
    throw new DswError('config', refused, hint === undefined ? {} : { hint });
  }

  async #askProgram({ question, program, text }: ProgramQuestion): Promise<void> {
    const answer: ProgramAnswer = await this.#options.programs.ask(program, text).then(
      (reply) => ({ question, text: reply }),
      (error: unknown) => ({
        question,
        error: messageOf(error),
      }),
    );
    this.#orders?.postMessage(answer satisfies SlotOrder);
  }

  /** Asks the running job to end soon. */
  abort(jobId: string, reason: string): void {
    this.#orders?.postMessage({ abort: jobId, reason } satisfies SlotOrder);
  }

  /**
   * Ends the thread, with whatever runs in it.
   * @param reason told as why the running job failed.
   * @param moreTries whether the job may be tried again.
   */
  async stop(reason?: string, moreTries: MoreTries = 'as many as allowed'): Promise<void> {
    this.#broken = true;
    if (reason !== undefined) this.#endedFor ??= { reason, moreTries };
    const pool = this.#pool;
    this.#pool = undefined;
    this.#orders?.close();
    // Piscina waits for the thread's exit even when that came a moment before.
    if (pool) await within(pool.destroy(), EXIT_MS);
  }
}

function threadEnded(
  endedFor: { reason: string; moreTries: MoreTries } | undefined,
  error: unknown,
  serviceMs: number,
): SlotReply {
  const detail = messageOf(error);
  return {
    outcome: 'failed',
    reason: endedFor?.reason ?? `its slot's thread ended: ${detail}`,
    stack: error instanceof Error ? (error.stack ?? detail) : detail,
    moreTries: endedFor?.moreTries ?? 'once',
    spoiled: true,
    storeFull: false,
    serviceMs,
    cpuMs: 0,
    endedAt: Date.now(),
    pages: [],
  };
}
