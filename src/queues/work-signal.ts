import type { QueueName } from '../planning/queue-names.js';
import type { Redis } from './connection.js';
import type { Keyspace } from './keyspace.js';

/** Longest sleep: a marker that got lost with a dying worker costs no more than this. */
const MAX_WAIT_SECONDS = 5;

/** Sleeps in Redis until a queue may hold work. */
export class WorkSignal {
  readonly #blocking: Redis;
  readonly #commands: Redis;
  readonly #markers: string[];
  /** Redis's number for the blocking connection while it blocks. */
  #clientId: Promise<number> | undefined;
  /** The marker that ended the last wait: key, member, score. */
  #popped: [string, string, string] | undefined;

  /** @param blocking a connection of its own: it blocks. */
  constructor(blocking: Redis, commands: Redis, keyspace: Keyspace, queues: readonly QueueName[]) {
    this.#blocking = blocking;
    this.#commands = commands;
    this.#markers = queues.map((queue) => keyspace.queue(queue, 'marker'));
  }

  /** Resolves when a queue may hold work, at `until` (ms) at the latest, or after a few seconds. */
  async wait(until: number | undefined): Promise<void> {
    const limit = until === undefined ? Infinity : (until - Date.now()) / 1000;
    if (limit <= 0) return;
    const timeout = Math.max(0.01, Math.min(limit, MAX_WAIT_SECONDS));
    // The number changes with each reconnect, so it travels with each wait.
    const clientId = this.#blocking.client('ID');
    clientId.catch(() => undefined);
    this.#clientId = clientId;
    try {
      this.#popped = (await this.#blocking.bzpopmin(...this.#markers, timeout)) ?? undefined;
      if (this.#clientId !== clientId) await this.passOn();
    } finally {
      if (this.#clientId === clientId) this.#clientId = undefined;
    }
  }

  /** Gives the last signal to another worker: this one has no use for it. */
  async passOn(): Promise<void> {
    const popped = this.#popped;
    this.#popped = undefined;
    if (popped) await this.#commands.zadd(popped[0], popped[2], popped[1]);
  }

  /** Ends a wait early. */
  async interrupt(): Promise<void> {
    const clientId = this.#clientId;
    this.#clientId = undefined;
    if (clientId) await this.#commands.client('UNBLOCK', await clientId);
  }
}
