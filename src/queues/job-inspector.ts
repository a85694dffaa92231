import { QUEUE_NAMES, type QueueName } from '../planning/queue-names.js';
import { connectRedis, type Redis } from './connection.js';
import { JobActions } from './job-actions.js';
import { documentIdOf } from './job-payload.js';
import { Keyspace } from './keyspace.js';
import { QueueSet } from './queue-set.js';

/** No submit takes so long between storing a document and enqueueing its job. */
const REMEMBERED_MS = 24 * 3_600_000;
/** Records read in one round trip. */
const PAGE = 500;
const LISTS = ['wait', 'active'] as const;
const SORTED_SETS = ['prioritized', 'delayed', 'waiting-children'] as const;
const FINISHED = ['completed', 'failed'] as const;

/** A job, and the document that its input names. */
export interface DocumentReference {
  queue: QueueName;
  jobId: string;
  documentId: string;
  /** Identity of the store that the document was put in, where it is known. */
  store: string | undefined;
}

/** Looks at the jobs of all queues, removes finished ones, fails those that can't succeed. */
export class JobInspector {
  readonly #redis: Redis;
  readonly #keyspace: Keyspace;
  readonly #queueSet: QueueSet;
  readonly #actions: JobActions;

  constructor(redis: Redis, keyspace: Keyspace) {
    this.#redis = redis;
    this.#keyspace = keyspace;
    this.#queueSet = new QueueSet(redis, keyspace);
    this.#actions = new JobActions(redis, keyspace, this.#queueSet);
  }

  static async connect(redisUrl: string, prefix: string): Promise<JobInspector> {
    const redis = await connectRedis(redisUrl, { name: 'dsw-task', manner: 'brisk' });
    return new JobInspector(redis, new Keyspace(prefix));
  }

  /**
   * The documents that jobs name: of those yet to run or running, or of all on record. Which jobs
   * there are is read in one step, so that none is missed while it moves from state to state.
   */
  async *references(which: 'unfinished' | 'all'): AsyncIterable<DocumentReference> {
    const found = await this.#jobIds(which);
    for (let at = 0; at < found.length; at += PAGE) {
      const page = found.slice(at, at + PAGE);
      const payloads = await this.#payloads(page);
      for (const [i, { queue, jobId }] of page.entries()) {
        const payload = payloads[i];
        const documentId = documentIdOf(payload?.input);
        if (documentId === undefined) continue;
        yield { queue, jobId, documentId, store: payload?.store };
      }
    }
  }

  /**
   * Announces that documents will be removed: from now on no job that names one is enqueued. One
   * enqueued before is seen by `references` after this.
   */
  async announceRemoval(documentIds: readonly string[]): Promise<void> {
    const now = Date.now();
    const entries = documentIds.flatMap((id) => [now, id]);
    await this.#redis
      .multi()
      .zremrangebyscore(this.#keyspace.removals, 0, now - REMEMBERED_MS)
      .zadd(this.#keyspace.removals, ...entries)
      // Of a document that was to be forgotten, not even its id stays.
      .pexpire(this.#keyspace.removals, REMEMBERED_MS)
      .exec();
  }

  /** Takes an announcement back: these documents stay. */
  async keep(documentIds: readonly string[]): Promise<void> {
    if (documentIds.length > 0) await this.#redis.zrem(this.#keyspace.removals, ...documentIds);
  }

  /** Removes records of jobs that finished longer ago than `maxAgeSeconds`. @returns how many. */
  async removeFinished(maxAgeSeconds: number): Promise<number> {
    let removed = 0;
    for (const name of QUEUE_NAMES) {
      for (const state of FINISHED) {
        const ids = await this.#queueSet.of(name).clean(maxAgeSeconds * 1000, 0, state);
        removed += ids.length;
      }
    }
    return removed;
  }

  /** Makes a dead letter of a job that has yet to run. @returns whether it was one. */
  async fail({ queue, jobId }: DocumentReference, reason: string): Promise<boolean> {
    return (await this.#actions.cancelWaiting(queue, jobId, reason)) === 'cancelled';
  }

  async close(): Promise<void> {
    await this.#queueSet.close();
    this.#redis.disconnect();
  }

  async #jobIds(which: 'unfinished' | 'all'): Promise<{ queue: QueueName; jobId: string }[]> {
    const reading = this.#redis.multi();
    const sets = which === 'all' ? [...SORTED_SETS, ...FINISHED] : SORTED_SETS;
    for (const queue of QUEUE_NAMES) {
      for (const part of LISTS) reading.lrange(this.#keyspace.queue(queue, part), 0, -1);
      for (const part of sets) reading.zrange(this.#keyspace.queue(queue, part), '0', '-1');
    }
    const replies = (await reading.exec()) ?? [];
    const perQueue = LISTS.length + sets.length;
    return replies.flatMap(([error, ids], i) => {
      if (error) throw error;
      const queue = QUEUE_NAMES[Math.floor(i / perQueue)] as QueueName;
      return (ids as string[]).map((jobId) => ({ queue, jobId }));
    });
  }

  async #payloads(
    jobs: readonly { queue: QueueName; jobId: string }[],
  ): Promise<({ input?: unknown; store?: string } | undefined)[]> {
    const pipeline = this.#redis.pipeline();
    for (const { jobId } of jobs) {
      // In every queue: it may have been moved to another since.
      for (const queue of QUEUE_NAMES) pipeline.hget(this.#keyspace.queue(queue, jobId), 'data');
    }
    const replies = (await pipeline.exec()) ?? [];
    return jobs.map((_, i) => {
      const own = replies.slice(i * QUEUE_NAMES.length, (i + 1) * QUEUE_NAMES.length);
      const data = own.find(([, text]) => typeof text === 'string')?.[1];
      return data === undefined ? undefined : parse(data as string);
    });
  }
}

function parse(data: string): { input?: unknown; store?: string } | undefined {
  try {
    return JSON.parse(data) as { input?: unknown; store?: string };
  } catch {
    return undefined;
  }
}
