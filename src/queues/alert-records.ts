import type { Result } from 'ioredis';
import type { AlertMemory } from '../planning/alerts.js';
import type { Redis } from './connection.js';
import type { Keyspace } from './keyspace.js';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    dswKeepAlerts(keyCount: number, ...args: string[]): Result<number, Context>;
  }
}

/** A watcher that lost the lease meanwhile must not overwrite what its successor noted. */
const keepScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
for i = 2, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
return 1
`;

/** What the watchers of a system know of its alerts, whichever of them watches. */
export class AlertRecords {
  readonly #redis: Redis;
  readonly #keys: [lease: string, hash: string];

  constructor(redis: Redis, keyspace: Keyspace) {
    this.#redis = redis;
    this.#keys = [keyspace.alertLease.lease, keyspace.alerts];
    redis.defineCommand('dswKeepAlerts', { lua: keepScript });
  }

  /** By rule name. */
  async read(): Promise<Map<string, AlertMemory>> {
    const hash = await this.#redis.hgetall(this.#keys[1]);
    return new Map(
      Object.entries(hash).map(([name, text]) => [name, JSON.parse(text) as AlertMemory]),
    );
  }

  /** @returns whether it was noted: only the holder of the lease may. */
  async keep(memories: ReadonlyMap<string, AlertMemory>, leaseToken: string): Promise<boolean> {
    const fields = [...memories].flatMap(([name, memory]) => [name, JSON.stringify(memory)]);
    return (await this.#redis.dswKeepAlerts(2, ...this.#keys, leaseToken, ...fields)) === 1;
  }
}
