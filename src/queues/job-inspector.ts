import type { JobType } from 'bullmq';
import { QUEUE_NAMES } from '../planning/queue-names.js';
import { connectRedis } from './connection.js';
import { Keyspace } from './keyspace.js';
import { QueueSet } from './queue-set.js';

const PAGE = 500;
/** States of jobs that have yet to run, or run. */
const UNFINISHED: JobType[] = ['wait', 'active', 'delayed', 'prioritized', 'waiting-children'];
const FINISHED: JobType[] = ['completed', 'failed'];

/** Looks at the jobs of all queues, and removes finished ones. */
export class JobInspector {
  readonly #queueSet: QueueSet;
  readonly #close: () => Promise<void>;

  private constructor(queueSet: QueueSet, close: () => Promise<void>) {
    this.#queueSet = queueSet;
    this.#close = close;
  }

  static async connect(redisUrl: string, prefix: string): Promise<JobInspector> {
    const redis = await connectRedis(redisUrl, { name: 'dsw-task', manner: 'brisk' });
    const queueSet = new QueueSet(redis, new Keyspace(prefix));
    return new JobInspector(queueSet, async () => {
      await queueSet.close();
      redis.disconnect();
    });
  }

  /** Input of every job that has yet to run or runs; with `all`, of finished ones too. */
  async *inputs(which: 'unfinished' | 'all'): AsyncIterable<unknown> {
    const states = which === 'all' ? [...UNFINISHED, ...FINISHED] : UNFINISHED;
    for (const name of QUEUE_NAMES) {
      const queue = this.#queueSet.of(name);
      for (let start = 0; ; start += PAGE) {
        const jobs = await queue.getJobs(states, start, start + PAGE - 1);
        for (const job of jobs) yield (job.data as { input?: unknown }).input;
        if (jobs.length === 0) break;
      }
    }
  }

  /** Removes records of jobs that finished longer ago than `maxAgeSeconds`. @returns how many. */
  async removeFinished(maxAgeSeconds: number): Promise<number> {
    let removed = 0;
    for (const name of QUEUE_NAMES) {
      for (const state of ['completed', 'failed'] as const) {
        const ids = await this.#queueSet.of(name).clean(maxAgeSeconds * 1000, 0, state);
        removed += ids.length;
      }
    }
    return removed;
  }

  async close(): Promise<void> {
    await this.#close();
  }
}
