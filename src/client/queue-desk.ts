import type { QueueName } from '../planning/queue-names.js';
import { closeRedis, connectRedis, type Redis } from '../queues/connection.js';
import { Keyspace } from '../queues/keyspace.js';
import { QueueSet } from '../queues/queue-set.js';

/** Where operators close and open queues. */
export class QueueDesk {
  readonly #redis: Redis;
  readonly #queueSet: QueueSet;

  private constructor(redis: Redis, prefix: string) {
    this.#redis = redis;
    this.#queueSet = new QueueSet(redis, new Keyspace(prefix));
  }

  /** @throws DswError `unavailable` when Redis does not answer. */
  static async open(redisUrl: string, prefix: string): Promise<QueueDesk> {
    const redis = await connectRedis(redisUrl, { name: 'dsw-queues', manner: 'brisk' });
    return new QueueDesk(redis, prefix);
  }

  /** From now on no worker takes a job from it; what runs is finished, what comes waits. */
  async pause(name: QueueName): Promise<void> {
    await this.#queueSet.of(name).pause();
  }

  async resume(name: QueueName): Promise<void> {
    await this.#queueSet.of(name).resume();
  }

  async close(): Promise<void> {
    await this.#queueSet.close();
    await closeRedis(this.#redis);
  }
}
