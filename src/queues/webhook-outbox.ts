import type { Result } from 'ioredis';
import { QUEUE_NAMES, type QueueName } from '../planning/queue-names.js';
import type { Redis } from './connection.js';
import { documentIdOf, type JobPayload } from './job-payload.js';
import type { Keyspace } from './keyspace.js';
import { traceOf } from './leased-job.js';
import { jobScriptHead } from './ownership-script.js';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    dswTakeCalls(keyCount: number, ...args: (string | number)[]): Result<TakenCall[], Context>;
  }
}

type TakenCall = [queue: number, id: string, tries: number, record: (string | null)[]];

/** A finished job that somebody wants to be told of. Holds nothing of the document but its id. */
export interface WebhookCall {
  queue: QueueName;
  jobId: string;
  url: string;
  /** 1 for the first try. */
  tries: number;
  task: string;
  documentId: string | undefined;
  state: 'done' | 'dead';
  /** What the task returned, or why it failed. */
  result: unknown;
  reason: string | undefined;
  /** Milliseconds since the epoch. */
  finishedAt: number;
  /** The trace that the job is part of. */
  trace: string | undefined;
}

const FIELDS = ['dswWebhook', 'name', 'data', 'returnvalue', 'failedReason', 'finishedOn', 'opts'];

/**
 * Takes calls that are due, those longest due first; they are due again when the lease is over. What
 * is forgotten, or runs anew, is dropped. ARGV: lease (ms), how many.
 */
const takeScript = `${jobScriptHead}
local found, wanted = {}, tonumber(ARGV[2])
for q = 1, queues do
  local outbox = prefix(q) .. 'dsw-outbox'
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', outbox, '-inf', now, 'LIMIT', 0, wanted - #found)) do
    local record = redis.call('HMGET', prefix(q) .. id, ${FIELDS.map((field) => `'${field}'`).join(', ')})
    if record[1] and record[${FIELDS.indexOf('finishedOn') + 1}] then
      redis.call('ZADD', outbox, now + ARGV[1], id)
      found[#found + 1] = { q, id, redis.call('HINCRBY', prefix(q) .. id, 'dswWebhookTries', 1), record }
    else
      redis.call('ZREM', outbox, id)
    end
  end
end
return found
`;

/** The calls that finished jobs have to be told by. An exchange writes them; any worker makes them. */
export class WebhookOutbox {
  readonly #redis: Redis;
  readonly #keyspace: Keyspace;

  constructor(redis: Redis, keyspace: Keyspace) {
    this.#redis = redis;
    this.#keyspace = keyspace;
    redis.defineCommand('dswTakeCalls', { lua: takeScript });
  }

  /** Takes calls to make; nobody else takes them for so long. */
  async take(count: number, leaseSeconds: number): Promise<WebhookCall[]> {
    const prefixes = QUEUE_NAMES.map((queue) => this.#keyspace.queue(queue, ''));
    const taken = await this.#redis.dswTakeCalls(
      prefixes.length,
      ...prefixes,
      leaseSeconds * 1000,
      count,
    );
    return taken.map(readCall);
  }

  /** It was heard, or there is no hope. */
  async settle({ queue, jobId }: WebhookCall): Promise<void> {
    await this.#redis.zrem(this.#outbox(queue), jobId);
  }

  /** It was not: again later, unless it is forgotten. @param at milliseconds since the epoch. */
  async postpone({ queue, jobId }: WebhookCall, at: number): Promise<void> {
    await this.#redis.zadd(this.#outbox(queue), 'XX', at, jobId);
  }

  #outbox(queue: QueueName): string {
    return this.#keyspace.queue(queue, 'dsw-outbox');
  }
}

function readCall([queue, jobId, tries, record]: TakenCall): WebhookCall {
  const [url, task, data, result, reason, finishedAt, options] = record;
  const { input } = JSON.parse(data ?? '{}') as Partial<JobPayload>;
  const failed = result === null || result === undefined;
  return {
    queue: QUEUE_NAMES[queue - 1] as QueueName,
    jobId,
    url: url ?? '',
    tries,
    task: task ?? '',
    documentId: documentIdOf(input),
    state: failed ? 'dead' : 'done',
    result: failed ? undefined : (JSON.parse(result) as unknown),
    reason: failed ? (reason ?? undefined) : undefined,
    finishedAt: Number(finishedAt),
    trace: traceOf(options ?? '{}'),
  };
}
