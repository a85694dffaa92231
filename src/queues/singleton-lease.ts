import type { Result } from 'ioredis';
import type { Redis } from './connection.js';
import type { LeaseKeys } from './keyspace.js';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    dswHoldLease(keyCount: number, ...args: (string | number)[]): Result<HoldReply, Context>;
    dswReleaseLease(keyCount: number, ...args: string[]): Result<number, Context>;
  }
}

type HoldReply = [held: number, holder: string, now: string, remainingMs: number];

/**
 * Renews the lease when it is ours, takes it with the next fencing token when it is free.
 *
 * The lease ends by Redis's clock. Set forward, that ends it early: another takes it, and the token
 * shuts out who held it. Set back, it would make it last: so its value carries its length, and what
 * remains of it is never more than that.
 * Reply: { 1 when we hold it, the holder as "id:token:length", Redis's clock (ms), ms that remain }.
 */
const holdScript = `
local lease, fence = KEYS[1], KEYS[2]
local id, px = ARGV[1], ARGV[2]
local clock = redis.call('TIME')
local now = string.format('%.0f', clock[1] * 1000 + math.floor(clock[2] / 1000))
local holder = redis.call('GET', lease)
if holder and holder:sub(1, #id + 1) ~= id .. ':' then
  local length = tonumber(holder:match(':(%d+)$') or px)
  local remains = redis.call('PTTL', lease)
  if remains > length or remains == -1 then
    redis.call('PEXPIRE', lease, length)
    remains = length
  end
  return { 0, holder, now, remains }
end
-- Found under our id it is ours, also when the reply that said so got lost on the way.
holder = holder or id .. ':' .. redis.call('INCR', fence) .. ':' .. px
redis.call('SET', lease, holder, 'PX', px)
return { 1, holder, now, tonumber(px) }
`;

/** Says so to those who wait, in the same step: none of them finds it still taken. */
const releaseScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('PUBLISH', ARGV[2], 'released')
return 1
`;

export interface LeaseState {
  held: boolean;
  /** Who holds it now: "id:fencing token:length (ms)". */
  holder: string;
  /** Redis's clock, in milliseconds since the epoch. */
  now: number;
  /** After so long it is free, unless its holder renews it. */
  remainingMs: number;
}

/** A lease that at most one process holds, each with a higher fencing token than the last. */
export class SingletonLease {
  readonly #redis: Redis;
  readonly #keys: LeaseKeys;
  readonly #id: string;
  readonly #leaseSeconds: number;
  #token = '';

  /** @param id without ':', and never given to two processes. */
  constructor(redis: Redis, keys: LeaseKeys, id: string, leaseSeconds: number) {
    this.#redis = redis;
    this.#keys = keys;
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
    const [held, holder, now, remainingMs] = await this.#redis.dswHoldLease(
      2,
      this.#keys.lease,
      this.#keys.fence,
      this.#id,
      px,
    );
    this.#token = held === 1 ? holder : '';
    return { held: held === 1, holder, now: Number(now), remainingMs };
  }

  /** Gives the lease up, so that a standby can take it at once. */
  async release(): Promise<void> {
    const token = this.#token;
    this.#token = '';
    if (token === '') return;
    const { lease, wake } = this.#keys;
    await this.#redis.dswReleaseLease(1, lease, token, wake);
  }
}
