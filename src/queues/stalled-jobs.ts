import type { Result } from 'ioredis';
import type { QueueName } from '../planning/queue-names.js';
import type { Redis } from './connection.js';
import type { Keyspace } from './keyspace.js';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    dswRecoverStalled(keyCount: number, ...args: string[]): Result<string[], Context>;
  }
}

/**
 * BullMQ's own check needs two rounds, since it allows for jobs that are active before they are
 * locked. Jobs leased by an exchange never are, so one look is enough.
 */
const recoverScript = `
local active, wait, stalled, marker, events = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local recovered = {}
for _, id in ipairs(redis.call('LRANGE', active, 0, -1)) do
  local job = ARGV[1] .. id
  if redis.call('EXISTS', job .. ':lock') == 0 then
    redis.call('LREM', active, 1, id)
    redis.call('SREM', stalled, id)
    if redis.call('EXISTS', job) == 1 then
      redis.call('HINCRBY', job, 'stc', 1)
      redis.call('RPUSH', wait, id)
      redis.call('ZADD', marker, 0, '0')
      redis.call('XADD', events, '*', 'event', 'stalled', 'jobId', id)
      redis.call('XADD', events, '*', 'event', 'waiting', 'jobId', id, 'prev', 'active')
      recovered[#recovered + 1] = id
    end
  end
end
return recovered
`;

const KEY_PARTS = ['active', 'wait', 'stalled', 'marker', 'events'];

/** Puts jobs whose lease ran out back to the front of their queue. */
export class StalledJobs {
  readonly #redis: Redis;
  readonly #keyspace: Keyspace;

  constructor(redis: Redis, keyspace: Keyspace) {
    this.#redis = redis;
    this.#keyspace = keyspace;
    redis.defineCommand('dswRecoverStalled', { lua: recoverScript });
  }

  /** @returns ids of the jobs put back. */
  async recover(queues: readonly QueueName[]): Promise<string[]> {
    const recovered = await Promise.all(
      queues.map((queue) =>
        this.#redis.dswRecoverStalled(
          KEY_PARTS.length,
          ...KEY_PARTS.map((part) => this.#keyspace.queue(queue, part)),
          this.#keyspace.queue(queue, ''),
        ),
      ),
    );
    return recovered.flat();
  }
}
