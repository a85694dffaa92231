import type { Result } from 'ioredis';
import type { QueueName } from '../planning/queue-names.js';
import type { Redis } from './connection.js';
import { EXCHANGE_KEY_PARTS, exchangeScript } from './exchange-script.js';
import type { Keyspace } from './keyspace.js';

/** A job that this worker owns until its lease runs out. */
export interface LeasedJob {
  id: string;
  queue: QueueName;
  /** Proof of ownership; another lease of the same job has another token. */
  token: string;
  task: string;
  /** The payload as JSON, unread. */
  data: string;
  /** Tries that ended before this one, and how many are allowed. */
  attemptsMade: number;
  attempts: number;
  enqueuedAt: number;
  leasedAt: number;
}

/** How a job ended. */
export interface FinishedJob {
  job: LeasedJob;
  outcome: 'completed' | 'failed';
  /** The result as JSON, or the reason of the failure. */
  value: string;
  /** Further fields for the job's record. */
  fields?: Record<string, string>;
}

export interface ExchangeReply {
  /** For each finished job: `recorded`, or `lost` when its lease had gone to somebody else. */
  recorded: ('recorded' | 'lost')[];
  taken: LeasedJob[];
  /** When the next delayed job falls due (ms since the epoch), if any queue has one. */
  nextDelayedAt: number | undefined;
}

export interface JobExchangeOptions {
  workerName: string;
  /** Most urgent first. */
  queues: readonly QueueName[];
  leaseSeconds: number;
}

declare module 'ioredis' {
  interface RedisCommander<Context> {
    dswExchange(keyCount: number, ...args: (string | number)[]): Result<RawReply, Context>;
  }
}

type RawReply = [
  codes: number[],
  taken: [queue: number, token: string, id: string, record: string[]][],
  next: number,
];

/** Records what is finished and leases what is next, over all queues, in one atomic round trip. */
export class JobExchange {
  readonly #redis: Redis;
  readonly #options: JobExchangeOptions;
  readonly #keys: string[];
  readonly #prefixes: string[];
  #exchanges = 0;

  constructor(redis: Redis, keyspace: Keyspace, options: JobExchangeOptions) {
    this.#redis = redis;
    this.#options = options;
    this.#keys = options.queues.flatMap((queue) =>
      EXCHANGE_KEY_PARTS.map((part) => keyspace.queue(queue, part)),
    );
    this.#prefixes = options.queues.map((queue) => keyspace.queue(queue, ''));
    redis.defineCommand('dswExchange', { lua: exchangeScript });
  }

  /**
   * @param finished jobs to record as completed or failed for good.
   * @param wanted how many jobs to lease at most, from the most urgent queue down.
   */
  async exchange(finished: readonly FinishedJob[], wanted: number): Promise<ExchangeReply> {
    const { queues, workerName, leaseSeconds } = this.#options;
    const [codes, taken, next] = await this.#redis.dswExchange(
      this.#keys.length,
      ...this.#keys,
      leaseSeconds * 1000,
      workerName,
      wanted,
      `${workerName}:${this.#exchanges++}:`,
      ...this.#prefixes,
      ...finished.flatMap(({ job, outcome, value, fields }) => [
        queues.indexOf(job.queue) + 1,
        job.id,
        job.token,
        outcome,
        value,
        fields === undefined ? '' : JSON.stringify(Object.entries(fields).flat()),
      ]),
    );
    return {
      recorded: codes.map((code) => (code < 0 ? 'lost' : 'recorded')),
      taken: taken.map(([queue, token, id, record]) =>
        readRecord(queues[queue - 1] as QueueName, token, id, record),
      ),
      nextDelayedAt: next > 0 ? next : undefined,
    };
  }
}

function readRecord(
  queue: QueueName,
  token: string,
  id: string,
  record: readonly string[],
): LeasedJob {
  const fields = new Map<string, string>();
  for (let i = 0; i + 1 < record.length; i += 2) fields.set(record[i] ?? '', record[i + 1] ?? '');
  const options = JSON.parse(fields.get('opts') ?? '{}') as { attempts?: number };
  return {
    id,
    queue,
    token,
    task: fields.get('name') ?? '',
    data: fields.get('data') ?? '',
    attemptsMade: Number(fields.get('atm') ?? 0),
    attempts: options.attempts ?? 1,
    enqueuedAt: Number(fields.get('timestamp')),
    leasedAt: Number(fields.get('processedOn')),
  };
}
