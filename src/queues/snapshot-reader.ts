import type { Result } from 'ioredis';
import { QUEUE_NAMES, type QueueName } from '../planning/queue-names.js';
import type { FlowBucket, QueueSnapshot, SystemSnapshot } from '../planning/snapshot.js';
import type { Redis } from './connection.js';
import { HOUR_MS, MINUTE_MS, readFlowBucket } from './flow-history.js';
import { readBeatSigns, readSupervisorSigns, readWorkerSigns } from './heartbeats.js';
import type { Keyspace } from './keyspace.js';
import { readRedisInfo } from './redis-info.js';
import { ScheduleReader } from './schedule-records.js';
import { readListedJobs, type JobReadings } from './snapshot-jobs.js';
import { QUEUE_READINGS, snapshotScript } from './snapshot-script.js';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    dswSnapshot(keyCount: number, ...args: (string | number)[]): Result<SnapshotReply, Context>;
  }
}

type Flow = (number | string[])[];
type SnapshotReply = [
  now: string,
  workers: string[],
  beats: string[],
  lease: string,
  queues: (number | string)[][],
  jobs: JobReadings[],
  minutes: Flow,
  hours: Flow,
  schedules: [
    schedules: string[],
    ticks: string[],
    paused: string[],
    runs: string[],
    results: string[],
  ],
  supervisors: string[],
];

const MINUTES = 15;
const HOURS = 24;

/** Reads the state of the whole system, each time in one round trip. */
export class SnapshotReader {
  readonly #redis: Redis;
  readonly #keys: string[];
  readonly #minutes = new FlowWindow(MINUTE_MS, MINUTES);
  readonly #hours = new FlowWindow(HOUR_MS, HOURS);
  readonly #schedules = new ScheduleReader();

  constructor(redis: Redis, keyspace: Keyspace) {
    this.#redis = redis;
    this.#keys = [
      keyspace.workers,
      keyspace.beats,
      keyspace.beat('lease'),
      keyspace.flow(''),
      keyspace.beat('schedules'),
      keyspace.beat('ticks'),
      keyspace.beat('paused'),
      keyspace.beat('runs'),
      keyspace.supervisors,
      ...QUEUE_NAMES.map((name) => keyspace.queue(name, '')),
    ];
    redis.defineCommand('dswSnapshot', { lua: snapshotScript });
  }

  async read(): Promise<SystemSnapshot> {
    const startedAt = performance.now();
    const first = [this.#minutes.firstWanted, this.#hours.firstWanted];
    const [reply, info] = await Promise.all([
      this.#redis.dswSnapshot(this.#keys.length, ...this.#keys, ...first),
      this.#redis.info(),
    ]);
    const roundTripMs = performance.now() - startedAt;
    const [now, workers, beats, lease, queues, jobs, minutes, hours, beat, supervisors] = reply;
    const [schedules, ticks, paused, runs, results] = beat;
    const at = Number(now);
    return {
      at,
      redis: readRedisInfo(info, roundTripMs),
      queues: QUEUE_NAMES.map((name, i) => readQueue(name, queues[i] ?? [], at)),
      workers: readWorkerSigns(fromPairs(workers), at),
      supervisors: readSupervisorSigns(fromPairs(supervisors), at),
      beats: readBeatSigns(fromPairs(beats), lease, at),
      schedules: this.#schedules.read(
        {
          schedules: fromPairs(schedules),
          ticks: fromPairs(ticks),
          paused,
          runs: fromPairs(runs),
          results: fromPairs(results),
        },
        at,
      ),
      jobs: readListedJobs(QUEUE_NAMES.map((name, i) => ({ name, jobs: jobs[i] ?? [] }))),
      minutes: this.#minutes.take(minutes, at),
      hours: this.#hours.take(hours, at),
    };
  }
}

/** Buckets of the last so many stretches. Those that are over are read once. */
class FlowWindow {
  readonly #lengthMs: number;
  readonly #count: number;
  #buckets = new Map<number, FlowBucket>();
  /** Number of the first stretch to read: counts of the one before may still come in late. */
  firstWanted = 0;

  constructor(lengthMs: number, count: number) {
    this.#lengthMs = lengthMs;
    this.#count = count;
  }

  take(flow: Flow, at: number): FlowBucket[] {
    const last = Math.floor(at / this.#lengthMs);
    for (let i = 0; i + 1 < flow.length; i += 2) {
      const number = flow[i] as number;
      const startsAt = number * this.#lengthMs;
      this.#buckets.set(number, readFlowBucket(startsAt, fromPairs(flow[i + 1] as string[])));
    }
    this.firstWanted = last - 1;
    const numbers = Array.from({ length: this.#count }, (_, i) => last - this.#count + 1 + i);
    this.#buckets = new Map(
      numbers.map((number) => [
        number,
        this.#buckets.get(number) ?? readFlowBucket(number * this.#lengthMs, {}),
      ]),
    );
    return [...this.#buckets.values()];
  }
}

function readQueue(
  name: QueueName,
  readings: readonly (number | string)[],
  at: number,
): QueueSnapshot {
  const of = (reading: (typeof QUEUE_READINGS)[number]): number =>
    Number(readings[QUEUE_READINGS.indexOf(reading)] ?? 0);
  return {
    name,
    waiting: of('waiting'),
    running: of('running'),
    delayed: of('delayed'),
    dead: of('dead'),
    done: of('done'),
    enqueuedTotal: of('enqueued'),
    paused: of('paused') === 1,
    oldestWaitSeconds: of('oldestAt') > 0 ? Math.max(0, (at - of('oldestAt')) / 1000) : undefined,
  };
}

function fromPairs(pairs: readonly string[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (let i = 0; i + 1 < pairs.length; i += 2) fields[pairs[i] ?? ''] = pairs[i + 1] ?? '';
  return fields;
}
