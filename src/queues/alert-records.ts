import type { Result } from 'ioredis';
import type { AlertMemory } from '../planning/alerts.js';
import type { Redis } from './connection.js';
import type { AlertSink, Keyspace } from './keyspace.js';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    dswKeepAlerts(keyCount: number, ...args: (string | number)[]): Result<number, Context>;
  }
}

/** Nobody hears so many: of more, the oldest fall away. */
const MOST_UNDELIVERED = 1000;

/**
 * A watcher that lost the lease meanwhile must not overwrite what its successor noted. What changed is
 * put into the outboxes in the same step, so that it is told whatever becomes of the watcher. KEYS:
 * lease, alerts, outboxes. ARGV: lease token, how many messages, messages, then rule and memory in turn.
 */
const keepScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local memories = 3 + ARGV[2]
redis.call('DEL', KEYS[2])
for i = memories, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
for k = 3, #KEYS do
  for i = 3, memories - 1 do redis.call('RPUSH', KEYS[k], ARGV[i]) end
  redis.call('LTRIM', KEYS[k], -${MOST_UNDELIVERED}, -1)
end
return 1
`;

/** What the watchers of a system know of its alerts, whichever of them watches. */
export class AlertRecords {
  readonly #redis: Redis;
  readonly #keyspace: Keyspace;

  constructor(redis: Redis, keyspace: Keyspace) {
    this.#redis = redis;
    this.#keyspace = keyspace;
    redis.defineCommand('dswKeepAlerts', { lua: keepScript });
  }

  /** By rule name. */
  async read(): Promise<Map<string, AlertMemory>> {
    const hash = await this.#redis.hgetall(this.#keyspace.alerts);
    return new Map(
      Object.entries(hash).map(([name, text]) => [name, JSON.parse(text) as AlertMemory]),
    );
  }

  /**
   * Notes how the alerts stand, and the messages that are to be told.
   * @returns whether it was noted: only the holder of the lease may.
   */
  async keep(
    memories: ReadonlyMap<string, AlertMemory>,
    messages: readonly string[],
    sinks: readonly AlertSink[],
    leaseToken: string,
  ): Promise<boolean> {
    const { alertLease, alerts } = this.#keyspace;
    const keys = [
      alertLease.lease,
      alerts,
      ...sinks.map((sink) => this.#keyspace.alertOutbox(sink)),
    ];
    const fields = [...memories].flatMap(([name, memory]) => [name, JSON.stringify(memory)]);
    const values = [leaseToken, messages.length, ...messages, ...fields];
    return (await this.#redis.dswKeepAlerts(keys.length, ...keys, ...values)) === 1;
  }
}
