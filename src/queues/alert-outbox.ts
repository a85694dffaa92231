import type { Redis } from './connection.js';
import type { AlertSink, Keyspace } from './keyspace.js';

/** Messages that alerts still have to be told by, oldest first: whoever watches delivers them. */
export class AlertOutbox {
  readonly #redis: Redis;
  readonly #keyspace: Keyspace;

  constructor(redis: Redis, keyspace: Keyspace) {
    this.#redis = redis;
    this.#keyspace = keyspace;
  }

  /** The oldest, as it was put there. */
  async first(sink: AlertSink): Promise<string | undefined> {
    return (await this.#redis.lindex(this.#keyspace.alertOutbox(sink), 0)) ?? undefined;
  }

  /** It was delivered, or there is no hope. */
  async settle(sink: AlertSink, text: string): Promise<void> {
    await this.#redis.lrem(this.#keyspace.alertOutbox(sink), 1, text);
  }
}
