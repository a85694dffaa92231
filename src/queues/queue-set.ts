import { Queue } from 'bullmq';
import { DswError } from '../errors.js';
import { QUEUE_NAMES, type QueueName } from '../planning/queue-names.js';
import type { Redis } from './connection.js';
import { newId } from './job-id.js';
import { encodePayload, type JobPayload } from './job-payload.js';
import type { Keyspace } from './keyspace.js';

export interface NewJob {
  queue: QueueName;
  task: string;
  input: unknown;
  /** What people call the job. */
  label?: string;
  /** Hash of what the job is about, wherever that lies: its document's content. */
  contentHash?: string;
  /** Identity of the store that it lies in. */
  store?: string;
  /** A job with this id that is on record already stays as it is. Default: a new id. */
  id?: string;
  /** Not to run before. */
  delaySeconds?: number;
  /** Tries before it becomes a dead letter. */
  attempts: number;
}

/** The queues of one dsw system on one connection. */
export class QueueSet {
  readonly #queues: Map<QueueName, Queue>;

  constructor(redis: Redis, keyspace: Keyspace) {
    this.#queues = new Map(
      QUEUE_NAMES.map((name) => {
        const queue = new Queue(name, { connection: redis, prefix: keyspace.prefix });
        // The connection's owner hears of its errors; here they must only not go unhandled.
        queue.on('error', () => undefined);
        return [name, queue];
      }),
    );
  }

  of(name: QueueName): Queue {
    const queue = this.#queues.get(name);
    if (!queue) throw new Error(`no queue ${name}`);
    return queue;
  }

  /**
   * Enqueues jobs.
   * @param maxWaiting no queue may hold more waiting jobs than this.
   * @returns their ids, in the same order.
   * @throws DswError `unavailable` when a queue is full; then none is enqueued.
   */
  async enqueue(jobs: readonly NewJob[], maxWaiting = Infinity): Promise<string[]> {
    if (maxWaiting < Infinity) await this.#checkRoom(jobs, maxWaiting);
    const ids = jobs.map(({ id }) => id ?? newId('j'));
    await Promise.all(
      jobs.map((job, i) =>
        this.of(job.queue).add(job.task, payloadOf(job), {
          jobId: ids[i] ?? newId('j'),
          attempts: job.attempts,
          delay: Math.round((job.delaySeconds ?? 0) * 1000),
        }),
      ),
    );
    return ids;
  }

  async #checkRoom(jobs: readonly NewJob[], maxWaiting: number): Promise<void> {
    for (const name of new Set(jobs.map(({ queue }) => queue))) {
      const waiting = await this.of(name).getWaitingCount();
      const more = jobs.filter(({ queue }) => queue === name).length;
      if (waiting + more <= maxWaiting) continue;
      const reason = `queue ${name} is full: ${waiting} jobs wait, ${maxWaiting} may`;
      throw new DswError('unavailable', reason, {
        hint: 'Add workers, wait, or raise jobs.maxWaiting.',
      });
    }
  }

  /** Lets go of the queues; the connection stays with its owner. */
  async close(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.close()));
  }
}

function payloadOf({ input, label, contentHash, store }: NewJob): JobPayload {
  return encodePayload({
    input,
    ...(label === undefined ? {} : { label }),
    ...(contentHash === undefined ? {} : { contentHash }),
    ...(store === undefined ? {} : { store }),
  });
}
