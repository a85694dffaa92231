import type { QueueName } from '../planning/queue-names.js';
import type { QueueSnapshot } from '../planning/snapshot.js';
import { closeRedis, connectRedis, type Redis } from '../queues/connection.js';
import { Keyspace } from '../queues/keyspace.js';
import { QueueSet } from '../queues/queue-set.js';
import { SnapshotReader } from '../queues/snapshot-reader.js';

/** A queue, and how many workers take jobs from it: none takes from one that is paused. */
export interface ListedQueue extends QueueSnapshot {
  workers: number;
}

/** Where operators look at queues, close and open them. */
export class QueueDesk {
  readonly #redis: Redis;
  readonly #queueSet: QueueSet;
  readonly #reader: SnapshotReader;

  private constructor(redis: Redis, prefix: string) {
    const keyspace = new Keyspace(prefix);
    this.#redis = redis;
    this.#queueSet = new QueueSet(redis, keyspace);
    this.#reader = new SnapshotReader(redis, keyspace);
  }

  /** @throws DswError `unavailable` when Redis does not answer. */
  static async open(redisUrl: string, prefix: string): Promise<QueueDesk> {
    const redis = await connectRedis(redisUrl, { name: 'dsw-queues', manner: 'brisk' });
    return new QueueDesk(redis, prefix);
  }

  /** All queues, most urgent first. */
  async list(): Promise<ListedQueue[]> {
    const { queues, workers } = await this.#reader.read();
    const running = workers.filter(({ state }) => state === 'running');
    return queues.map((queue) => ({
      ...queue,
      workers: running.filter((worker) => worker.queues.includes(queue.name)).length,
    }));
  }

  /**
   * From now on no worker takes a job from it; what runs is finished, what comes waits.
   * @returns false when it was paused already.
   */
  async pause(name: QueueName): Promise<boolean> {
    const queue = this.#queueSet.of(name);
    if (await queue.isPaused()) return false;
    await queue.pause();
    return true;
  }

  /** @returns false when it was not paused. */
  async resume(name: QueueName): Promise<boolean> {
    const queue = this.#queueSet.of(name);
    if (!(await queue.isPaused())) return false;
    await queue.resume();
    return true;
  }

  async close(): Promise<void> {
    await this.#queueSet.close();
    await closeRedis(this.#redis);
  }
}
