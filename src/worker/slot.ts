import { join } from 'node:path';
import { Piscina } from 'piscina';
import { packageRoot } from '../config/package-root.js';
import type { SlotJob, SlotProgress, SlotReply, SlotRequest, SlotSetup } from './slot-messages.js';

const THREAD_FILE = join(packageRoot(), 'dist', 'worker', 'slot-thread.js');

/**
 * Room for one running job: a Piscina of exactly one thread. Piscina can neither recycle a single
 * thread of a pool nor resize it; with a pool for each slot, both are plain.
 */
export class Slot {
  readonly #setup: SlotSetup;
  readonly #warmTasks: string[];
  #pool: Piscina | undefined;
  /** Told of each progress report of the running job. */
  onProgress: ((progress: SlotProgress) => void) | undefined;

  constructor(setup: SlotSetup, warmTasks: string[]) {
    this.#setup = setup;
    this.#warmTasks = warmTasks;
  }

  /** Starts the thread and loads what jobs will need. */
  async start(): Promise<void> {
    const pool = new Piscina({
      filename: THREAD_FILE,
      minThreads: 1,
      maxThreads: 1,
      idleTimeout: Infinity,
      workerData: this.#setup,
      recordTiming: false,
    });
    pool.on('message', (message: SlotProgress) => this.onProgress?.(message));
    // A thread that dies fails the job that it ran; Piscina has started another by then.
    pool.on('error', () => undefined);
    this.#pool = pool;
    await this.#send(pool, { kind: 'warmUp', tasks: this.#warmTasks });
  }

  /** Runs one job to its end, whatever end that is. */
  async run(job: SlotJob): Promise<SlotReply> {
    if (!this.#pool) await this.start();
    const pool = this.#pool;
    if (!pool) return died(new Error('the slot has no thread'));
    try {
      const reply = await this.#send(pool, { kind: 'run', job });
      if (reply.outcome === 'failed' && reply.spoiled) await this.stop();
      return reply;
    } catch (error) {
      return died(error);
    }
  }

  /** Ends the thread, with whatever runs in it. The next job starts a new one. */
  async stop(): Promise<void> {
    const pool = this.#pool;
    this.#pool = undefined;
    await pool?.destroy();
  }

  async #send(pool: Piscina, request: SlotRequest): Promise<SlotReply> {
    return (await pool.run(request)) as SlotReply;
  }
}

function died(error: unknown): SlotReply {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    outcome: 'failed',
    reason: `the slot's thread ended: ${reason}`,
    stack: error instanceof Error ? (error.stack ?? reason) : reason,
    recoverable: true,
    spoiled: false,
  };
}
