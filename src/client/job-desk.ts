import type { QueueName } from '../planning/queue-names.js';
import { closeRedis, connectRedis, type Redis } from '../queues/connection.js';
import { JobActions, type ActionOutcome } from '../queues/job-actions.js';
import { listJobs, type JobFilter } from '../queues/job-listing.js';
import { readJob, type JobRecord } from '../queues/job-records.js';
import { Keyspace } from '../queues/keyspace.js';
import { QueueSet } from '../queues/queue-set.js';

export type JobAction = { kind: 'retry' | 'discard' | 'cancel' } | { kind: 'move'; to: QueueName };

/** Where operators look jobs up and act on them. */
export class JobDesk {
  readonly #redis: Redis;
  readonly #queueSet: QueueSet;
  readonly #actions: JobActions;

  private constructor(redis: Redis, prefix: string) {
    const keyspace = new Keyspace(prefix);
    this.#redis = redis;
    this.#queueSet = new QueueSet(redis, keyspace);
    this.#actions = new JobActions(redis, keyspace, this.#queueSet);
  }

  /** @throws DswError `unavailable` when Redis does not answer. */
  static async open(redisUrl: string, prefix: string): Promise<JobDesk> {
    return new JobDesk(await connectRedis(redisUrl, { name: 'dsw-jobs', manner: 'brisk' }), prefix);
  }

  list(filter: JobFilter): Promise<JobRecord[]> {
    return listJobs(this.#queueSet, filter, Date.now());
  }

  /** The record of a job in whatever queue it is, or undefined. */
  async show(id: string): Promise<JobRecord | undefined> {
    const queue = await this.#actions.queueOf(id);
    return queue && (await readJob(this.#queueSet, queue, id));
  }

  /** Acts on one job. */
  async act(id: string, action: JobAction): Promise<ActionOutcome> {
    const queue = await this.#actions.queueOf(id);
    if (!queue) return 'missing';
    switch (action.kind) {
      case 'retry':
        return this.#actions.retry(queue, id);
      case 'discard':
        return this.#actions.discard(queue, id);
      case 'cancel':
        return this.#actions.cancel(queue, id, 'cancelled');
      case 'move':
        return this.#actions.move(queue, id, action.to);
    }
  }

  async close(): Promise<void> {
    await this.#queueSet.close();
    await closeRedis(this.#redis);
  }
}
