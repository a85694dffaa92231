import { QUEUE_NAMES, type QueueName } from '../planning/queue-names.js';
import type { Redis } from './connection.js';
import { STRUCTURES } from './job-lookup.js';
import { JOB_STATES, recordOf, type JobRecord, type JobState } from './job-record.js';
import type { Keyspace } from './keyspace.js';

/** Which jobs are meant. */
export interface JobFilter {
  states: readonly JobState[];
  queues: readonly QueueName[];
  task?: string;
  /** Part of the reason of a failure, in whatever case. */
  error?: string;
  /** Only jobs enqueued longer ago than this. */
  olderThanSeconds?: number;
}

interface SelectedJob {
  id: string;
  queue: QueueName;
  state: JobState;
}

/** Jobs that match, of one state of one queue. */
export interface SelectedPage {
  jobs: SelectedJob[];
  /** For whoever acts on them to enter those that have left their place by it. */
  gone: Set<string>;
}

/** Jobs looked at in one round trip: whatever the backlog, no more are in memory. */
export const PAGE = 500;

/** Fields that a filter looks at. */
const FIELDS = ['name', 'timestamp', 'processedOn', 'finishedOn', 'failedReason'] as const;

/** Walks over the jobs that a filter means, while workers go on and whoever walks acts on them. */
export class JobSelection {
  readonly #redis: Redis;
  readonly #keyspace: Keyspace;
  readonly #filter: JobFilter;
  readonly #now: number;

  /** @param now milliseconds since the epoch; what is enqueued, or fails again, later is not meant. */
  constructor(redis: Redis, keyspace: Keyspace, filter: JobFilter, now: number) {
    this.#redis = redis;
    this.#keyspace = keyspace;
    this.#filter = filter;
    this.#now = now;
  }

  /** Most urgent queue first, then by state, oldest first. */
  async *pages(): AsyncGenerator<SelectedPage> {
    const { queues, states } = this.#filter;
    for (const queue of QUEUE_NAMES.filter((name) => queues.includes(name))) {
      for (const state of JOB_STATES.filter((name) => states.includes(name))) {
        for (const [part, kind] of STRUCTURES[state])
          yield* this.#walk(queue, state, this.#keyspace.queue(queue, part), kind);
      }
    }
  }

  /** How many there are. */
  async count(): Promise<number> {
    let count = 0;
    for await (const { jobs } of this.pages()) count += jobs.length;
    return count;
  }

  /** The records of the first of them. */
  async records(limit: number): Promise<JobRecord[]> {
    const records: JobRecord[] = [];
    for await (const { jobs } of this.pages()) {
      const wanted = jobs.slice(0, limit - records.length);
      const reading = this.#redis.pipeline();
      for (const { queue, id } of wanted) reading.hgetall(this.#keyspace.queue(queue, id));
      const replies = (await reading.exec()) ?? [];
      for (const [i, { id, queue, state }] of wanted.entries()) {
        const fields = (replies[i]?.[1] ?? {}) as Record<string, string>;
        if (fields.name !== undefined) records.push(recordOf(id, queue, state, fields));
      }
      if (records.length >= limit) break;
    }
    return records;
  }

  /**
   * Goes from the oldest on. What has been seen and still stands there is passed by its place now,
   * not by a number: workers take the oldest away meanwhile.
   */
  async *#walk(
    queue: QueueName,
    state: JobState,
    key: string,
    kind: 'list' | 'set',
  ): AsyncGenerator<SelectedPage> {
    let seen: string | undefined;
    for (;;) {
      const ids = await (kind === 'list' ? this.#listAfter(key, seen) : this.#setAfter(key, seen));
      const matches = await this.#match(queue, state, ids);
      const gone = new Set<string>();
      const jobs = ids.filter((_, i) => matches[i]).map((id) => ({ id, queue, state }));
      if (jobs.length > 0) yield { jobs, gone };
      if (ids.length < PAGE) return;
      seen = ids.findLast((id) => !gone.has(id)) ?? seen;
    }
  }

  /** The oldest stand at the end of a list. When the one seen last has gone, so have those before. */
  async #listAfter(key: string, seen: string | undefined): Promise<string[]> {
    const place = seen === undefined ? null : await this.#redis.lpos(key, seen, 'RANK', -1);
    const end = place ?? (await this.#redis.llen(key));
    return end === 0
      ? []
      : (await this.#redis.lrange(key, Math.max(0, end - PAGE), end - 1)).reverse();
  }

  async #setAfter(key: string, seen: string | undefined): Promise<string[]> {
    const place = seen === undefined ? null : await this.#redis.zrank(key, seen);
    const start = place === null ? 0 : place + 1;
    return await this.#redis.zrange(key, String(start), String(start + PAGE - 1));
  }

  async #match(queue: QueueName, state: JobState, ids: readonly string[]): Promise<boolean[]> {
    if (ids.length === 0) return [];
    const reading = this.#redis.pipeline();
    for (const id of ids) reading.hmget(this.#keyspace.queue(queue, id), ...FIELDS);
    const replies = (await reading.exec()) ?? [];
    return ids.map((_, i) => this.#matches(state, (replies[i]?.[1] ?? []) as (string | null)[]));
  }

  #matches(
    state: JobState,
    [name, enqueued, started, finished, reason]: (string | null)[],
  ): boolean {
    const { task, error, olderThanSeconds } = this.#filter;
    if (name === null || name === undefined || (task !== undefined && name !== task)) return false;
    const failed = state === 'dead' || state === 'delayed';
    const said = failed ? (reason ?? '').toLowerCase() : '';
    if (error !== undefined && !said.includes(error.toLowerCase())) return false;
    const changedAt = state === 'running' ? enqueued : (finished ?? started ?? enqueued);
    if (Number(changedAt) > this.#now) return false;
    return olderThanSeconds === undefined || this.#now - Number(enqueued) > olderThanSeconds * 1000;
  }
}
