import { randomUUID } from 'node:crypto';
import type { Result } from 'ioredis';
import type { Schedule } from '../planning/schedule.js';
import type { Redis } from './connection.js';
import type { Keyspace } from './keyspace.js';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    dswPublish(keyCount: number, ...args: (string | number)[]): Result<number, Context>;
    dswPause(keyCount: number, ...args: string[]): Result<number, Context>;
    dswResume(keyCount: number, ...args: string[]): Result<ResumeReply, Context>;
  }
}

export type ResumeReply = 'resumed' | 'set right' | 'ran';

/**
 * Writes down what the scheduler at work has loaded. KEYS: lease, schedules, ticks, revision. ARGV:
 * lease token, next revision, then for each schedule its name, its text, the time (ms) before which
 * its ticks count as settled ('' to leave that), and whether that holds for one without any tick.
 * Reply: 0 when another holds the lease.
 */
const publishScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
for i = 3, #ARGV, 4 do
  local name, settled = ARGV[i], tonumber(ARGV[i + 2])
  redis.call('HSET', KEYS[2], name, ARGV[i + 1])
  local last = tonumber(redis.call('HGET', KEYS[3], name) or nil)
  if settled and (last and last < settled or not last and ARGV[i + 3] == '1') then
    redis.call('HSET', KEYS[3], name, ARGV[i + 2])
  end
end
redis.call('SET', KEYS[4], ARGV[2])
return 1
`;

/** KEYS: paused, revision, wake. ARGV: schedule, next revision. Reply: 0 when it was paused already. */
const pauseScript = `
local changed = redis.call('SADD', KEYS[1], ARGV[1])
redis.call('SET', KEYS[2], ARGV[2])
redis.call('PUBLISH', KEYS[3], 'paused')
return changed
`;

/**
 * Goes on from now: ticks that fell into the pause are not made up for. A last tick that lies ahead
 * of the clock is set right.
 */
const resumeScript = `
local clock = redis.call('TIME')
local now = string.format('%.0f', clock[1] * 1000 + math.floor(clock[2] / 1000))
local resumed = redis.call('SREM', KEYS[1], ARGV[1]) == 1
local last = tonumber(redis.call('HGET', KEYS[4], ARGV[1]) or 0)
local ahead = last > tonumber(now)
if not resumed and not ahead then return 'ran' end
redis.call('HSET', KEYS[4], ARGV[1], now)
redis.call('SET', KEYS[2], ARGV[2])
redis.call('PUBLISH', KEYS[3], 'resumed')
return ahead and 'set right' or 'resumed'
`;

/** What Redis has on record of the schedules. */
export interface ScheduleRecord {
  /** What the scheduler at work has loaded, by name. */
  published: Map<string, Schedule>;
  /** Due time (ms) of the last tick of each schedule. */
  lastTicks: Map<string, number>;
  paused: Set<string>;
  /** Changes with any of it. */
  revision: string;
}

export interface Publication {
  schedule: Schedule;
  /** Ticks before this time (ms) are settled; never moves a record back. */
  settledAt?: number;
  /** Also for a schedule that has never had a tick. */
  evenIfNew: boolean;
}

/** The schedules of one system and how far each has got, as shared by all beats and commands. */
export class ScheduleBook {
  readonly #redis: Redis;
  readonly #keyspace: Keyspace;

  constructor(redis: Redis, keyspace: Keyspace) {
    this.#redis = redis;
    this.#keyspace = keyspace;
    redis.defineCommand('dswPublish', { lua: publishScript });
    redis.defineCommand('dswPause', { lua: pauseScript });
    redis.defineCommand('dswResume', { lua: resumeScript });
  }

  /** Changes with each change of the record; '' at the very first. */
  async revision(): Promise<string> {
    return (await this.#redis.get(this.#keyspace.beat('revision'))) ?? '';
  }

  async read(): Promise<ScheduleRecord> {
    const beat = (part: Parameters<Keyspace['beat']>[0]): string => this.#keyspace.beat(part);
    const replies = await this.#redis
      .multi()
      .hgetall(beat('schedules'))
      .hgetall(beat('ticks'))
      .smembers(beat('paused'))
      .get(beat('revision'))
      .exec();
    const [published, ticks, paused, revision] = (replies ?? []).map(([, reply]) => reply) as [
      Record<string, string>,
      Record<string, string>,
      string[],
      string | null,
    ];
    return {
      published: mapOf(published, (text) => JSON.parse(text) as Schedule),
      lastTicks: mapOf(ticks, Number),
      paused: new Set(paused),
      revision: revision ?? '',
    };
  }

  /** Replaces what is published. @returns false when another holds the lease. */
  async publish(publications: readonly Publication[], leaseToken: string): Promise<boolean> {
    const values = publications.flatMap(({ schedule, settledAt, evenIfNew }) => [
      schedule.name,
      JSON.stringify(schedule),
      settledAt ?? '',
      evenIfNew ? 1 : 0,
    ]);
    const keys = this.#keyspace.beatKeys('lease', 'schedules', 'ticks', 'revision');
    const done = await this.#redis.dswPublish(4, ...keys, leaseToken, randomUUID(), ...values);
    return done === 1;
  }

  /** @returns false when it was paused already. */
  async pause(name: string): Promise<boolean> {
    const keys = this.#keyspace.beatKeys('paused', 'revision', 'wake');
    return (await this.#redis.dswPause(3, ...keys, name, randomUUID())) === 1;
  }

  /** @returns `set right`: its last tick lay ahead of the clock; `ran`: there was nothing to do. */
  async resume(name: string): Promise<ResumeReply> {
    const keys = this.#keyspace.beatKeys('paused', 'revision', 'wake', 'ticks');
    return await this.#redis.dswResume(4, ...keys, name, randomUUID());
  }
}

function mapOf<T>(hash: Record<string, string>, read: (text: string) => T): Map<string, T> {
  return new Map(Object.entries(hash).map(([name, text]) => [name, read(text)]));
}
