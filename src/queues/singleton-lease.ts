import type { Result } from 'ioredis';
import type { Redis } from './connection.js';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    dswHoldLease(keyCount: number, ...args: (string | number)[]): Result<[number, string], Context>;
    dswReleaseLease(keyCount: number, ...args: string[]): Result<number, Context>;
  }
}

/**
 * Renews the lease when it is ours, takes it with the next fencing token when it is free.
 * Reply: { 1 when we hold it, the holder as "id:token" }.
 */
const holdScript = `
local lease, fence = KEYS[1], KEYS[2]
local id, mine, px = ARGV[1], ARGV[2], ARGV[3]
local holder = redis.call('GET', lease)
if holder and holder ~= mine then return { 0, holder } end
if not holder then mine = id .. ':' .. redis.call('INCR', fence) end
redis.call('SET', lease, mine, 'PX', px)
return { 1, mine }
`;

const releaseScript = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`;

export interface LeaseState {
  held: boolean;
  /** Who holds it now: "id:fencing token". */
  holder: string;
}

/** A lease that at most one process holds, each holder with a higher fencing token than the last. */
export class SingletonLease {
  readonly #redis: Redis;
  readonly #keys: [lease: string, fence: string];
  readonly #id: string;
  readonly #leaseSeconds: number;
  #token = '';

  constructor(
    redis: Redis,
    keys: { lease: string; fence: string },
    id: string,
    leaseSeconds: number,
  ) {
    this.#redis = redis;
    this.#keys = [keys.lease, keys.fence];
    this.#id = id;
    this.#leaseSeconds = leaseSeconds;
    redis.defineCommand('dswHoldLease', { lua: holdScript });
    redis.defineCommand('dswReleaseLease', { lua: releaseScript });
  }

  /** What Redis must find in the lease for a write of ours to count; '' while we don't hold it. */
  get token(): string {
    return this.#token;
  }

  /** Takes or renews the lease. */
  async hold(): Promise<LeaseState> {
    const px = Math.round(this.#leaseSeconds * 1000);
    const [held, holder] = await this.#redis.dswHoldLease(
      2,
      ...this.#keys,
      this.#id,
      this.#token,
      px,
    );
    this.#token = held === 1 ? holder : '';
    return { held: held === 1, holder };
  }

  /** Gives the lease up, so that a standby can take it at once. */
  async release(): Promise<void> {
    const token = this.#token;
    this.#token = '';
    if (token !== '') await this.#redis.dswReleaseLease(1, this.#keys[0], token);
  }
}
