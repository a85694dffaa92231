import type { Result } from 'ioredis';
import type { BeatSnapshot, SupervisorSnapshot, WorkerSnapshot } from '../planning/snapshot.js';
import type { Redis } from './connection.js';
import type { Keyspace } from './keyspace.js';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    dswHeartbeat(keyCount: number, hash: string, id: string, sign: string): Result<string, Context>;
  }
}

/** Signs of processes that died without a word are removed after so long, about. */
const KEPT_SECONDS = 3600;

/**
 * Stamped with Redis's clock: the clocks of the workers' hosts need not agree. Every few minutes one
 * of all that write looks for signs of those that are long gone. Reply: that stamp.
 */
const heartbeatScript = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local stamp = string.format('%.0f', now)
redis.call('HSET', KEYS[1], ARGV[1], stamp .. ' ' .. ARGV[2])
if redis.call('SET', KEYS[1] .. ':swept', stamp, 'NX', 'EX', 300) then
  local signs = redis.call('HGETALL', KEYS[1])
  for i = 1, #signs, 2 do
    local seen = tonumber(signs[i + 1]:match('^%d+'))
    if not seen or now - seen > ${KEPT_SECONDS * 1000} then redis.call('HDEL', KEYS[1], signs[i]) end
  end
end
return stamp
`;

/** What a worker says of itself; the reader works out the rest. */
export type WorkerSign = Omit<WorkerSnapshot, 'state' | 'silentSeconds'> & {
  state: Exclude<WorkerSnapshot['state'], 'lost'>;
};

export type BeatSign = Omit<BeatSnapshot, 'holder'>;

/** A worker without a sign for so many of its own intervals counts as lost. */
const MISSED_SIGNS = 3;
/** And after so many it is forgotten. */
const FORGOTTEN_SIGNS = 60;
/** Beats renew their sign every few seconds; one this old is gone. */
const BEAT_SIGN_SECONDS = 15;
const SUPERVISOR_SIGN_SECONDS = 15;

/** Writes the signs of life of one process. */
export class Heartbeat {
  readonly #redis: Redis;
  readonly #hash: string;
  readonly #id: string;

  constructor(redis: Redis, hash: string, id: string) {
    this.#redis = redis;
    this.#hash = hash;
    this.#id = id;
    redis.defineCommand('dswHeartbeat', { lua: heartbeatScript });
  }

  /** @returns Redis's clock and how long the round trip took. */
  async write(
    sign: WorkerSign | BeatSign | SupervisorSnapshot,
  ): Promise<{ redisNow: number; roundTripMs: number }> {
    const startedAt = performance.now();
    const now = await this.#redis.dswHeartbeat(1, this.#hash, this.#id, JSON.stringify(sign));
    return { redisNow: Number(now), roundTripMs: performance.now() - startedAt };
  }

  /** Takes the process off the list: it ended as it should. */
  async remove(): Promise<void> {
    await this.#redis.hdel(this.#hash, this.#id);
  }
}

/** Reads workers' heartbeats out of their hash, at time `now` by Redis's clock. */
export function readWorkerSigns(hash: Record<string, string>, now: number): WorkerSnapshot[] {
  return Object.values(hash)
    .flatMap((text) => {
      const { seenAt, sign } = readSign(text) as Signed<WorkerSign>;
      const silentSeconds = Math.max(0, now - seenAt) / 1000;
      const missed = silentSeconds / sign.heartbeatSeconds;
      if (missed > FORGOTTEN_SIGNS) return [];
      const state = missed > MISSED_SIGNS ? ('lost' as const) : sign.state;
      // A worker of an older version does not tell its limits. Copying hundreds of signs would cost
      // more than reading them.
      const timeLimits = (sign as Partial<WorkerSign>).timeLimits ?? {};
      return [Object.assign(sign, { state, silentSeconds, timeLimits })];
    })
    .sort((a, b) => a.startedAt - b.startedAt);
}

/** The supervisors that gave a sign lately. */
export function readSupervisorSigns(
  hash: Record<string, string>,
  now: number,
): SupervisorSnapshot[] {
  return Object.values(hash)
    .map((text) => readSign(text) as Signed<SupervisorSnapshot>)
    .filter(({ seenAt }) => now - seenAt < SUPERVISOR_SIGN_SECONDS * 1000)
    .map(({ sign }) => sign);
}

/** Reads the signs of the schedulers; `lease` names its holder: "id:…". */
export function readBeatSigns(
  hash: Record<string, string>,
  lease: string,
  now: number,
): BeatSnapshot[] {
  return Object.values(hash)
    .map((text) => readSign(text) as Signed<BeatSign>)
    .filter(({ seenAt }) => now - seenAt < BEAT_SIGN_SECONDS * 1000)
    .map(({ sign }) => ({ ...sign, holder: lease.startsWith(`${sign.id}:`) }))
    .sort((a, b) => Number(b.holder) - Number(a.holder) || a.startedAt - b.startedAt);
}

/** What one scheduler last said of itself. */
export async function readBeatSign(
  redis: Redis,
  keyspace: Keyspace,
  id: string,
): Promise<BeatSign | undefined> {
  const text = await redis.hget(keyspace.beats, id);
  return text === null ? undefined : (readSign(text) as Signed<BeatSign>).sign;
}

interface Signed<Sign> {
  seenAt: number;
  sign: Sign;
}

function readSign(text: string): Signed<unknown> {
  const space = text.indexOf(' ');
  return { seenAt: Number(text.slice(0, space)), sign: JSON.parse(text.slice(space + 1)) };
}
