import { randomUUID } from 'node:crypto';
import type { Result } from 'ioredis';
import type { Schedule } from '../planning/schedule.js';
import type { Redis } from './connection.js';
import { newId } from './job-id.js';
import { encodePayload } from './job-payload.js';
import { JobTracing } from './job-tracing.js';
import type { Keyspace } from './keyspace.js';
import type { Telemetry } from './telemetry.js';
import { runScript, TICK_KEY_PARTS, tickScript } from './tick-script.js';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    dswTick(
      keyCount: number,
      ...args: (string | number)[]
    ): Result<[outcome: TickOutcome, revision: string], Context>;
    dswRun(keyCount: number, ...args: (string | number)[]): Result<string, Context>;
  }
}

/**
 * `fenced`: another scheduler holds the lease now. `stale`: this tick, or a later one of the same
 * schedule, is settled already. `early`: not due yet by Redis's clock. `paused`: the schedule is.
 */
type TickOutcome = 'sent' | 'fenced' | 'stale' | 'early' | 'paused';

/** One due time of one schedule, to be enqueued, or only recorded as missed. */
export interface Tick {
  schedule: Schedule;
  dueAt: number;
  sendAt: number;
  action: 'send' | 'drop';
}

export interface TickReply {
  outcome: TickOutcome;
  jobId: string;
  /** The revision of what is on record that this step found, and the one it left. */
  before: string;
  after: string;
}

/** Enqueues ticks, each exactly once, whoever asks and however often. */
export class TickEnqueuer {
  readonly #redis: Redis;
  readonly #keyspace: Keyspace;
  readonly #tracing: JobTracing | undefined;

  /** @param telemetry told of what is sent; default: nobody is. */
  constructor(redis: Redis, keyspace: Keyspace, telemetry?: Telemetry) {
    this.#redis = redis;
    this.#keyspace = keyspace;
    this.#tracing = telemetry && new JobTracing(telemetry);
    redis.defineCommand('dswTick', { lua: tickScript });
    redis.defineCommand('dswRun', { lua: runScript });
  }

  /** @param leaseToken what the scheduler's lease holds while it is ours. */
  async settle({ schedule, dueAt, sendAt, action }: Tick, leaseToken: string): Promise<TickReply> {
    const jobId = action === 'send' ? newId('j') : '';
    const after = randomUUID();
    const keys = this.#keys(schedule);
    const { name, task, queue } = schedule;
    const span =
      action === 'send'
        ? this.#tracing?.adding({ id: jobId, queue, task, schedule: name })
        : undefined;
    const values = this.#values(schedule, dueAt, jobId, span?.metadata ?? '');
    const [outcome, before] = await this.#redis.dswTick(
      keys.length,
      ...keys,
      ...values,
      leaseToken,
      sendAt,
      after,
    );
    if (outcome === 'sent') span?.end();
    return { outcome, jobId, before, after: outcome === 'sent' ? after : before };
  }

  /** Enqueues a job of the schedule now, beside its ticks. @returns the job's id. */
  async run(schedule: Schedule): Promise<string> {
    const keys = this.#keys(schedule);
    const values = this.#values(schedule, undefined, newId('j'), '');
    return await this.#redis.dswRun(keys.length, ...keys, ...values);
  }

  #keys({ queue }: Schedule): string[] {
    const beat = this.#keyspace.beatKeys('lease', 'ticks', 'runs', 'paused', 'revision');
    return [...beat, ...TICK_KEY_PARTS.map((part) => this.#keyspace.queue(queue, part))];
  }

  #values(
    schedule: Schedule,
    dueAt: number | undefined,
    jobId: string,
    trace: string,
  ): (string | number)[] {
    const { name, task, queue, payload, attempts } = schedule;
    const content = encodePayload({
      input: payload,
      label: name,
      ...(dueAt === undefined ? {} : { dueAt }),
    });
    const prefix = this.#keyspace.queue(queue, '');
    return [name, dueAt ?? 0, prefix, jobId, task, JSON.stringify(content), attempts, trace];
  }
}
