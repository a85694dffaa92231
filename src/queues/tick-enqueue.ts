import type { Result } from 'ioredis';
import type { QueueName } from '../planning/queue-names.js';
import type { Redis } from './connection.js';
import { newId } from './job-id.js';
import { encodePayload } from './job-payload.js';
import type { Keyspace } from './keyspace.js';
import { TICK_KEY_PARTS, tickScript } from './tick-script.js';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    dswTick(keyCount: number, ...args: (string | number)[]): Result<string, Context>;
  }
}

/** One due time of one schedule. */
export interface Tick {
  schedule: string;
  dueAt: number;
  queue: QueueName;
  task: string;
  input: unknown;
  attempts: number;
}

/**
 * `fenced`: another scheduler holds the lease now. `stale`: this tick, or a later one of the same
 * schedule, was enqueued before.
 */
export type TickReply = { jobId: string } | 'fenced' | 'stale';

/** Enqueues ticks, each exactly once, whoever asks and however often. */
export class TickEnqueuer {
  readonly #redis: Redis;
  readonly #keyspace: Keyspace;

  constructor(redis: Redis, keyspace: Keyspace) {
    this.#redis = redis;
    this.#keyspace = keyspace;
    redis.defineCommand('dswTick', { lua: tickScript });
  }

  /** @param leaseToken what the scheduler's lease holds while it is ours. */
  async enqueue(tick: Tick, leaseToken: string, now: number): Promise<TickReply> {
    const { queue } = tick;
    const keys = TICK_KEY_PARTS.map((part) => this.#keyspace.queue(queue, part));
    const reply = await this.#redis.dswTick(
      2 + keys.length,
      this.#keyspace.beat('lease'),
      this.#keyspace.beat('ticks'),
      ...keys,
      leaseToken,
      tick.schedule,
      tick.dueAt,
      this.#keyspace.queue(queue, ''),
      newId('j', now),
      tick.task,
      now,
      JSON.stringify(encodePayload({ input: tick.input, label: tick.schedule })),
      tick.attempts,
    );
    return reply === 'fenced' || reply === 'stale' ? reply : { jobId: reply };
  }

  /** Due time (ms) of the last tick enqueued of each schedule. */
  async lastTicks(): Promise<Map<string, number>> {
    const ticks = await this.#redis.hgetall(this.#keyspace.beat('ticks'));
    return new Map(Object.entries(ticks).map(([schedule, due]) => [schedule, Number(due)]));
  }
}
