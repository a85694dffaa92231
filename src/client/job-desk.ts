import type { QueueName } from '../planning/queue-names.js';
import { closeRedis, connectRedis, type Redis } from '../queues/connection.js';
import { JobActions, type ActionOutcome } from '../queues/job-actions.js';
import { queueOf, readJob } from '../queues/job-lookup.js';
import type { JobRecord, JobState } from '../queues/job-record.js';
import { JobSelection, type JobFilter } from '../queues/job-selection.js';
import { Keyspace } from '../queues/keyspace.js';
import { QueueSet } from '../queues/queue-set.js';

export type JobAction = { kind: 'retry' | 'discard' | 'cancel' } | { kind: 'move'; to: QueueName };

/** States that an action is for. */
export const STATES_FOR: Record<JobAction['kind'], readonly JobState[]> = {
  retry: ['dead', 'delayed'],
  discard: ['waiting', 'delayed', 'done', 'dead'],
  cancel: ['waiting', 'running', 'delayed'],
  move: ['waiting', 'delayed'],
};

/** How many jobs came to each end. */
export type OutcomeCounts = Partial<Record<ActionOutcome, number>>;

/** Where operators look jobs up and act on them. */
export class JobDesk {
  readonly #redis: Redis;
  readonly #keyspace: Keyspace;
  readonly #queueSet: QueueSet;
  readonly #actions: JobActions;

  private constructor(redis: Redis, prefix: string) {
    this.#redis = redis;
    this.#keyspace = new Keyspace(prefix);
    this.#queueSet = new QueueSet(redis, this.#keyspace);
    this.#actions = new JobActions(redis, this.#keyspace, this.#queueSet);
  }

  /** @throws DswError `unavailable` when Redis does not answer. */
  static async open(redisUrl: string, prefix: string): Promise<JobDesk> {
    return new JobDesk(await connectRedis(redisUrl, { name: 'dsw-jobs', manner: 'brisk' }), prefix);
  }

  /** The first of the jobs that a filter means, most urgent queue first. */
  async list(filter: JobFilter, limit: number): Promise<JobRecord[]> {
    return await (await this.#select(filter)).records(limit);
  }

  async count(filter: JobFilter): Promise<number> {
    return await (await this.#select(filter)).count();
  }

  /** The record of a job in whatever queue it is, or undefined. */
  async show(id: string): Promise<JobRecord | undefined> {
    const queue = await queueOf(this.#redis, this.#keyspace, id);
    return queue && (await readJob(this.#redis, this.#keyspace, queue, id));
  }

  /** Acts on one job. */
  async act(id: string, action: JobAction): Promise<ActionOutcome> {
    const queue = await queueOf(this.#redis, this.#keyspace, id);
    return queue ? await this.#perform(queue, id, action) : 'missing';
  }

  /**
   * Acts on all jobs that a filter means, a page at a time.
   * @param onPage told after each page how many were acted on so far.
   */
  async actOnAll(
    filter: JobFilter,
    action: JobAction,
    onPage: (jobs: number) => void = () => undefined,
  ): Promise<OutcomeCounts> {
    const counts: OutcomeCounts = {};
    let seen = 0;
    for await (const { jobs, gone } of (await this.#select(filter)).pages()) {
      const outcomes = await Promise.all(
        jobs.map(({ queue, id }) => this.#perform(queue, id, action)),
      );
      for (const [i, outcome] of outcomes.entries()) {
        counts[outcome] = (counts[outcome] ?? 0) + 1;
        if (outcome === 'applied') gone.add(jobs[i]?.id ?? '');
      }
      seen += jobs.length;
      onPage(seen);
    }
    return counts;
  }

  async close(): Promise<void> {
    await this.#queueSet.close();
    await closeRedis(this.#redis);
  }

  /** Jobs as they are now, by Redis's clock: it stamped them. */
  async #select(filter: JobFilter): Promise<JobSelection> {
    const [seconds, microseconds] = await this.#redis.time();
    const now = Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
    return new JobSelection(this.#redis, this.#keyspace, filter, now);
  }

  #perform(queue: QueueName, id: string, action: JobAction): Promise<ActionOutcome> {
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
}
