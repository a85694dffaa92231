import type { Result } from 'ioredis';
import { QUEUE_NAMES, type QueueName } from '../planning/queue-names.js';
import type { Redis } from './connection.js';
import { wholeIdOf } from './job-id.js';
import { cancelScript, moveScript } from './job-action-scripts.js';
import type { Keyspace } from './keyspace.js';
import { PoisonList } from './poison-list.js';
import type { QueueSet } from './queue-set.js';
import { sendWorkerCommand } from './worker-commands.js';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    dswCancel(keyCount: number, ...args: string[]): Result<CancelReply, Context>;
    dswMove(keyCount: number, ...args: string[]): Result<MoveReply, Context>;
  }
}

type CancelReply = 'cancelled' | 'running' | 'finished' | 'missing';
type MoveReply = 'moved' | 'running' | 'finished' | 'missing';

/** What became of one job that somebody acted on. */
export type ActionOutcome =
  | 'applied'
  /** The worker that runs it has been told; it ends within seconds. */
  | 'told its worker'
  /** There is no such job. */
  | 'missing'
  /** Its state does not allow it: it runs, or has finished, or has not. */
  | 'running'
  | 'finished'
  | 'unfinished';

/** What dsw notes in a job's record; a job that starts anew has none of it. */
const DSW_FIELDS = [
  'dswDeaths',
  'dswAlone',
  'dswDeathsBefore',
  'dswAloneBefore',
  'dswBrokeSlot',
  'dswCancelled',
  'settledBy',
  'progress',
];

/** What operators do to single jobs. */
export class JobActions {
  readonly #redis: Redis;
  readonly #keyspace: Keyspace;
  readonly #queueSet: QueueSet;
  readonly #poison: PoisonList;

  constructor(redis: Redis, keyspace: Keyspace, queueSet: QueueSet) {
    this.#redis = redis;
    this.#keyspace = keyspace;
    this.#queueSet = queueSet;
    this.#poison = new PoisonList(redis, keyspace);
    redis.defineCommand('dswCancel', { lua: cancelScript });
    redis.defineCommand('dswMove', { lua: moveScript });
  }

  /** Has a dead letter run again, all tries before it, or a delayed job at once. */
  async retry(queue: QueueName, id: string): Promise<ActionOutcome> {
    const job = await this.#queueSet.of(queue).getJob(id);
    if (!job) return 'missing';
    const state = await job.getState();
    const key = this.#keyspace.queue(queue, id);
    if (state === 'delayed') {
      await this.#noteReady(key);
      await job.promote();
    } else if (state === 'failed') {
      await this.#poison.remove({ task: job.name, data: JSON.stringify(job.data) });
      await this.#redis.hdel(key, ...DSW_FIELDS);
      await this.#noteReady(key);
      await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
    } else return state === 'completed' ? 'finished' : 'unfinished';
    return 'applied';
  }

  /** Notes that a job has waited from now on. */
  async #noteReady(key: string): Promise<void> {
    const [seconds = 0, microseconds = 0] = await this.#redis.time();
    const now = seconds * 1000 + Math.floor(microseconds / 1000);
    await this.#redis.hset(key, 'dswReadyAt', now);
  }

  /** Removes the record of a job that does not run. */
  async discard(queue: QueueName, id: string): Promise<ActionOutcome> {
    const job = await this.#queueSet.of(queue).getJob(id);
    if (!job) return 'missing';
    const state = await job.getState();
    // One that was split runs in its parts, also while none of them has a slot.
    if (state === 'active' || state === 'waiting-children') return 'running';
    // A worker that has begun it in the meantime holds its lock, and nothing is removed.
    if ((await this.#queueSet.of(queue).remove(id)) !== 1) return 'running';
    await this.#redis.zrem(this.#keyspace.queue(queue, 'dsw-outbox'), id);
    return 'applied';
  }

  /** Makes a dead letter of a job that has yet to run. */
  cancelWaiting(queue: QueueName, id: string, reason: string): Promise<CancelReply> {
    return this.#redis.dswCancel(1, this.#keyspace.queue(queue, ''), id, reason);
  }

  /** Makes a dead letter of a job, also of a running one. */
  async cancel(queue: QueueName, id: string, reason: string): Promise<ActionOutcome> {
    const reply = await this.cancelWaiting(queue, id, reason);
    if (reply !== 'running') return reply === 'cancelled' ? 'applied' : reply;
    const worker = await this.#redis.hget(this.#keyspace.queue(queue, id), 'pb');
    if (worker === null) return 'running';
    await sendWorkerCommand(this.#redis, this.#keyspace, worker, { kind: 'cancel', jobId: id });
    return 'told its worker';
  }

  /** Removes the record of a job that does not run, and what it is remembered for as a killer. */
  async erase(queue: QueueName, id: string): Promise<ActionOutcome> {
    const job = await this.#queueSet.of(queue).getJob(id);
    if (!job) return 'missing';
    const outcome = await this.discard(queue, id);
    if (outcome === 'applied')
      await this.#poison.remove({ task: job.name, data: JSON.stringify(job.data) });
    return outcome;
  }

  /** Removes what the event streams of the queues say of these jobs and their parts. @returns how many events. */
  async eraseEvents(ids: ReadonlySet<string>): Promise<number> {
    let erased = 0;
    for (const queue of QUEUE_NAMES) {
      const key = this.#keyspace.queue(queue, 'events');
      const events = await this.#redis.xrange(key, '-', '+');
      const isOwn = (fields: string[]): boolean =>
        ids.has(wholeIdOf(fields[fields.indexOf('jobId') + 1] ?? ''));
      const own = events.filter(([, fields]) => isOwn(fields)).map(([entry]) => entry);
      if (own.length > 0) erased += await this.#redis.xdel(key, ...own);
    }
    return erased;
  }

  /** Moves a waiting or delayed job to the end of another queue. */
  async move(from: QueueName, id: string, to: QueueName): Promise<ActionOutcome> {
    const prefixes = [from, to].map((queue) => this.#keyspace.queue(queue, ''));
    const reply = await this.#redis.dswMove(2, ...prefixes, id);
    return reply === 'moved' ? 'applied' : reply;
  }
}
