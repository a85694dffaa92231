import { Queue } from 'bullmq';
import type { Result } from 'ioredis';
import { DswError } from '../errors.js';
import { QUEUE_NAMES, type QueueName } from '../planning/queue-names.js';
import type { Redis } from './connection.js';
import { enqueueScript } from './enqueue-script.js';
import { newId } from './job-id.js';
import { documentIdOf, encodePayload, type JobPayload } from './job-payload.js';
import { JobTracing, type AddedJob, type OpenSpan } from './job-tracing.js';
import type { Keyspace } from './keyspace.js';
import type { Telemetry } from './telemetry.js';

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
  /** Place within its queue: 0 (default) goes first, then 1, 2, … Ones of the same place in order. */
  priority?: number;
  /** Address to tell when it is done or dead. */
  webhook?: string;
  /** Tries before it becomes a dead letter. */
  attempts: number;
}

declare module 'ioredis' {
  interface RedisCommander<Context> {
    dswEnqueue(keyCount: number, ...args: (string | number)[]): Result<EnqueueReply, Context>;
  }
}

type EnqueueReply = [
  outcome: 'done' | 'full' | 'removed',
  what?: number | string,
  waiting?: number,
];

/** The queues of one dsw system on one connection. */
export class QueueSet {
  readonly #queues: Map<QueueName, Queue>;
  readonly #redis: Redis;
  readonly #keyspace: Keyspace;
  readonly #tracing: JobTracing | undefined;

  /** @param telemetry told of what is enqueued; default: nobody is. */
  constructor(redis: Redis, keyspace: Keyspace, telemetry?: Telemetry) {
    this.#redis = redis;
    this.#keyspace = keyspace;
    this.#tracing = telemetry && new JobTracing(telemetry);
    redis.defineCommand('dswEnqueue', { lua: enqueueScript });
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
   * Enqueues jobs, all or none, in one atomic step. A job under an id that is on record, in whatever
   * queue, stays as it is.
   * @param maxWaiting no queue may hold more waiting jobs than this.
   * @returns their ids, in the same order.
   * @throws DswError `unavailable` when a queue is full, `refused` when a document that a job names
   * is being removed.
   */
  async enqueue(jobs: readonly NewJob[], maxWaiting?: number): Promise<string[]> {
    const ids = jobs.map(({ id }) => id ?? newId('j'));
    const spans = jobs.map((job, i) =>
      this.#tracing?.adding({ ...addedJob(job), id: ids[i] ?? '' }),
    );
    try {
      await this.#add(jobs, ids, maxWaiting, spans);
    } catch (error) {
      for (const span of spans) span?.end('it was not enqueued');
      throw error;
    }
    for (const span of spans) span?.end();
    return ids;
  }

  async #add(
    jobs: readonly NewJob[],
    ids: readonly string[],
    maxWaiting: number | undefined,
    spans: readonly (OpenSpan | undefined)[],
  ): Promise<void> {
    const [outcome, what, waiting] = await this.#redis.dswEnqueue(
      QUEUE_NAMES.length,
      ...QUEUE_NAMES.map((queue) => this.#keyspace.queue(queue, '')),
      maxWaiting ?? -1,
      this.#keyspace.removals,
      this.#keyspace.flow(''),
      ...jobs.flatMap((job, i) => [
        QUEUE_NAMES.indexOf(job.queue) + 1,
        ids[i] ?? '',
        job.task,
        JSON.stringify(payloadOf(job)),
        job.attempts,
        Math.round((job.delaySeconds ?? 0) * 1000),
        job.priority ?? 0,
        documentIdOf(job.input) ?? '',
        job.webhook ?? '',
        spans[i]?.metadata ?? '',
      ]),
    );
    if (outcome === 'full')
      throw queueFull(QUEUE_NAMES[Number(what) - 1], Number(waiting), maxWaiting);
    if (outcome === 'removed')
      throw new DswError(
        'refused',
        `document ${String(what)} was removed before its job was there`,
        {
          hint: 'Submit it again.',
        },
      );
  }

  /** Lets go of the queues; the connection stays with its owner. */
  async close(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.close()));
  }
}

function addedJob({ queue, task, input }: NewJob): Omit<AddedJob, 'id'> {
  return { queue, task, documentId: documentIdOf(input) };
}

function queueFull(name: QueueName | undefined, waiting: number, maxWaiting = 0): DswError {
  const reason = `queue ${String(name)} is full: ${waiting} jobs wait, ${maxWaiting} may`;
  return new DswError('unavailable', reason, {
    hint: 'Add workers, wait, or raise jobs.maxWaiting.',
  });
}

function payloadOf({ input, label, contentHash, store }: NewJob): JobPayload {
  return encodePayload({
    input,
    ...(label === undefined ? {} : { label }),
    ...(contentHash === undefined ? {} : { contentHash }),
    ...(store === undefined ? {} : { store }),
  });
}
