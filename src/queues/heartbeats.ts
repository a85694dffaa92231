import type { Result } from 'ioredis';
import type { BeatSnapshot, WorkerSnapshot } from '../planning/snapshot.js';
import type { Redis } from './connection.js';
import type { Keyspace } from './keyspace.js';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    dswHeartbeat(keyCount: number, hash: string, id: string, sign: string): Result<number, Context>;
  }
}

/** Stamped with Redis's clock: the clocks of the workers' hosts need not agree. */
const heartbeatScript = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
return redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', now) .. ' ' .. ARGV[2])
`;

export type WorkerSign = Omit<WorkerSnapshot, 'state'> & {
  state: Exclude<WorkerSnapshot['state'], 'lost'>;
  heartbeatSeconds: number;
};

export type BeatSign = Omit<BeatSnapshot, 'holder'>;

/** A process without a sign for so many of its own intervals counts as lost. */
const MISSED_SIGNS = 3;
/** And after so many it is forgotten. */
const FORGOTTEN_SIGNS = 60;

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

  async write(sign: WorkerSign | BeatSign): Promise<void> {
    await this.#redis.dswHeartbeat(1, this.#hash, this.#id, JSON.stringify(sign));
  }

  /** Takes the process off the list: it ended as it should. */
  async remove(): Promise<void> {
    await this.#redis.hdel(this.#hash, this.#id);
  }
}

export function workerHeartbeat(redis: Redis, keyspace: Keyspace, id: string): Heartbeat {
  return new Heartbeat(redis, keyspace.workers, id);
}

/** Reads workers' heartbeats out of their hash, at time `now` by Redis's clock. */
export function readWorkerSigns(hash: Record<string, string>, now: number): WorkerSnapshot[] {
  return Object.values(hash)
    .map((text) => {
      const space = text.indexOf(' ');
      const { heartbeatSeconds, ...sign } = JSON.parse(text.slice(space + 1)) as WorkerSign;
      const missed = (now - Number(text.slice(0, space))) / 1000 / heartbeatSeconds;
      return {
        worker: { ...sign, ...(missed > MISSED_SIGNS ? { state: 'lost' as const } : {}) },
        missed,
      };
    })
    .filter(({ missed }) => missed < FORGOTTEN_SIGNS)
    .map(({ worker }) => worker)
    .sort((a, b) => a.startedAt - b.startedAt);
}
