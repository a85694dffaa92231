import { randomBytes } from 'node:crypto';
import type { Result } from 'ioredis';
import type { QueueName } from '../planning/queue-names.js';
import type { Redis } from './connection.js';
import { exchangeScript } from './exchange-script.js';
import type { Keyspace } from './keyspace.js';
import { recoverScript, reclaimScript, renewScript } from './lease-scripts.js';
import { readLeasedJob, type LeasedJob, type LeasedReply } from './leased-job.js';

/** What became of a job that this worker had leased. */
export interface SettledJob {
  job: LeasedJob;
  /**
   * `completed` and `failed` (a dead letter) are final. `retry`: the try failed, another follows
   * after a delay. `back`: the job was not begun, `interrupted`: it has to make way; it waits at the
   * front of its queue again and the try does not count. `split`: it waits until its parts are done, runs again
   * then, and the try does not count.
   */
  outcome: 'completed' | 'failed' | 'retry' | 'back' | 'interrupted' | 'split';
  /** The result as JSON, why the try failed, or how it is split, as `encodeSplit` says it. */
  value: string;
  delaySeconds?: number;
  /** Further fields for the job's record. */
  fields?: Record<string, string>;
}

/** Of a job that is not this worker's any more: somebody else has it, or there is no record of it. */
type Whereabouts = 'elsewhere' | 'gone';

export interface LostJob {
  job: LeasedJob;
  whereabouts: Whereabouts;
}

export interface ExchangeReply {
  /** For each settled job: `recorded`, or where else it is. */
  recorded: ('recorded' | Whereabouts)[];
  taken: LeasedJob[];
  /** When the next delayed job falls due (ms since the epoch), if any queue has one. */
  nextDelayedAt: number | undefined;
  /** Length of the poison list: when it is another than the worker knows, it has to read it. */
  poisons: number;
}

export interface JobExchangeOptions {
  workerName: string;
  /** Most urgent first. */
  queues: readonly QueueName[];
  leaseSeconds: number;
}

/** A job whose lease ran out: it waits again. */
export interface RecoveredJob {
  /** As it was then. */
  job: LeasedJob;
  /** The worker that is gone. */
  worker: string;
  /** Workers that have died while they ran it, this one included. */
  deaths: number;
}

type Arguments = (string | number)[];

declare module 'ioredis' {
  interface RedisCommander<Context> {
    dswExchange(keyCount: number, ...args: Arguments): Result<RawReply, Context>;
    dswRenew(keyCount: number, ...args: Arguments): Result<number[], Context>;
    dswReclaim(keyCount: number, ...args: Arguments): Result<LeasedReply[], Context>;
    dswRecover(keyCount: number, ...args: Arguments): Result<RawRecovery, Context>;
  }
}

/** What BullMQ's scripts, and dsw's, reply of a job that has no record. */
const NO_RECORD = -1;

type RawRecovery = [recovered: [...LeasedReply, number][], lapsed: [number, string][]];
type RawReply = [codes: number[], taken: LeasedReply[], nextDelayedAt: number, poisons: number];

/** A worker's dealings with its queues. Each method is one atomic round trip over all of them. */
export class JobExchange {
  readonly #redis: Redis;
  readonly #options: JobExchangeOptions;
  readonly #prefixes: string[];
  readonly #poisonKey: string;
  /** Tells tokens of this object from those of another of the same worker. */
  readonly #id = randomBytes(3).toString('hex');
  #exchanges = 0;

  constructor(redis: Redis, keyspace: Keyspace, options: JobExchangeOptions) {
    this.#redis = redis;
    this.#options = options;
    this.#prefixes = options.queues.map((queue) => keyspace.queue(queue, ''));
    this.#poisonKey = keyspace.poison;
    redis.defineCommand('dswExchange', { lua: exchangeScript });
    redis.defineCommand('dswRenew', { lua: renewScript });
    redis.defineCommand('dswReclaim', { lua: reclaimScript });
    redis.defineCommand('dswRecover', { lua: recoverScript });
  }

  /**
   * Settles jobs and leases the next ones.
   * @param order for each job wanted, the queue to try first; the others follow, most urgent first.
   */
  async exchange(
    settled: readonly SettledJob[],
    order: readonly QueueName[],
  ): Promise<ExchangeReply> {
    const { queues, workerName } = this.#options;
    const [codes, taken, next, poisons] = await this.#redis.dswExchange(
      ...this.#head(),
      this.#leaseMs,
      workerName,
      `${workerName}:${this.#id}:${this.#exchanges++}:`,
      order.length,
      this.#poisonKey,
      ...order.map((queue) => this.#numberOf(queue)),
      ...settled.flatMap(({ job, outcome, value, delaySeconds, fields }) => [
        this.#numberOf(job.queue),
        job.id,
        job.token,
        outcome,
        value,
        Math.round((delaySeconds ?? 0) * 1000),
        fields === undefined ? '' : JSON.stringify(Object.entries(fields).flat()),
      ]),
    );
    return {
      recorded: codes.map((code) => {
        if (code >= 0) return 'recorded';
        return code === NO_RECORD ? 'gone' : 'elsewhere';
      }),
      taken: taken.map((reply) => readLeasedJob(reply, queues)),
      nextDelayedAt: next > 0 ? next : undefined,
      poisons,
    };
  }

  /** Renews the leases of running jobs, also those that lapsed. @returns those that are lost. */
  async renew(jobs: readonly LeasedJob[]): Promise<LostJob[]> {
    if (jobs.length === 0) return [];
    const triples = jobs.flatMap(({ queue, id, token }) => [this.#numberOf(queue), id, token]);
    const kept = await this.#redis.dswRenew(...this.#head(), this.#leaseMs, ...triples);
    return jobs.flatMap((job, i) => {
      if (kept[i] === 1) return [];
      return [{ job, whereabouts: kept[i] === NO_RECORD ? 'gone' : 'elsewhere' }];
    });
  }

  /** After a lost connection: jobs leased to this worker by a reply that never came, leased anew. */
  async reclaim(known: readonly LeasedJob[]): Promise<LeasedJob[]> {
    const names = known.flatMap(({ queue, id }) => [this.#numberOf(queue), id]);
    const { workerName } = this.#options;
    const found = await this.#redis.dswReclaim(
      ...this.#head(),
      this.#leaseMs,
      workerName,
      ...names,
    );
    return found.map((reply) => readLeasedJob(reply, this.#options.queues));
  }

  /**
   * Puts jobs whose worker died back to the front of their queue.
   * @param everySeconds how often workers look; of all that do, one has to.
   * @param now milliseconds since the epoch, by Redis's clock: a request that is long on its way,
   * through an outage, does nothing.
   */
  async recover(
    everySeconds: number,
    now: number,
  ): Promise<{ recovered: RecoveredJob[]; lapsed: Pick<LeasedJob, 'queue' | 'id'>[] }> {
    const quietMs = Math.round(everySeconds * 1000 * 0.9);
    const { queues, workerName } = this.#options;
    const [found, own] = await this.#redis.dswRecover(...this.#head(), quietMs, workerName, now);
    const recovered = found.map(([queue, worker, id, record, deaths]) => ({
      job: readLeasedJob([queue, '', id, record], queues),
      worker,
      deaths,
    }));
    const lapsed = own.map(([queue, id]) => ({ queue: queues[queue - 1] as QueueName, id }));
    return { recovered, lapsed };
  }

  /** Notes that a suspected job runs alone: should its worker die, it is to blame. */
  async markAlone({ queue, id }: LeasedJob): Promise<void> {
    await this.#redis.hset(
      `${this.#prefixes[this.#numberOf(queue) - 1] ?? ''}${id}`,
      'dswAlone',
      1,
    );
  }

  get #leaseMs(): number {
    return Math.round(this.#options.leaseSeconds * 1000);
  }

  #head(): [number, ...Arguments] {
    return [this.#prefixes.length, ...this.#prefixes];
  }

  #numberOf(queue: QueueName): number {
    return this.#options.queues.indexOf(queue) + 1;
  }
}
