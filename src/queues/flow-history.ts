import type { Result } from 'ioredis';
import { emptyFlow, queueFlowOf, taskFlowOf, type TryRecord } from '../planning/flow.js';
import { bucketOf, type Histogram } from '../planning/histogram.js';
import { QUEUE_NAMES, type QueueName } from '../planning/queue-names.js';
import type { FlowBucket, QueueFlow, TaskFlow } from '../planning/snapshot.js';
import type { Redis } from './connection.js';
import { flowNotesLua } from './flow-notes.js';
import type { Keyspace } from './keyspace.js';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    dswCountFlow(keyCount: number, ...args: (string | number)[]): Result<number, Context>;
  }
}

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
/**
 * Adds counts to the bucket of this minute and of this hour, by Redis's clock, and notes the queues.
 * KEYS: stem of the buckets, then each queue's key prefix. ARGV: field and increment by turns.
 */
const countScript = `${flowNotesLua}
local clock = redis.call('TIME')
local prefixes = { unpack(KEYS, 2) }
for _, unit in ipairs({ 'minute', 'hour' }) do
  local bucket = flowBucket(KEYS[1], unit, prefixes, clock[1] * 1000 + math.floor(clock[2] / 1000))
  noteQueues(bucket, prefixes, false)
  for i = 1, #ARGV, 2 do redis.call('HINCRBYFLOAT', bucket, ARGV[i], ARGV[i + 1]) end
end
return 1
`;

/** Gathers tries and adds them to the common history now and then, at a cost that does not grow with them. */
export class FlowCounter {
  readonly #redis: Redis;
  readonly #keyspace: Keyspace;
  #increments = new Map<string, number>();

  constructor(redis: Redis, keyspace: Keyspace) {
    this.#redis = redis;
    this.#keyspace = keyspace;
    redis.defineCommand('dswCountFlow', { lua: countScript });
  }

  count({ queue, task, waitSeconds, serviceSeconds, cpuSeconds, completed }: TryRecord): void {
    const outcome = completed ? 'c' : 'f';
    this.#add(`${outcome}:${queue}`, 1);
    this.#add(`w:${queue}:${bucketOf(waitSeconds)}`, 1);
    this.#add(`W:${queue}`, waitSeconds);
    this.#add(`${outcome}t:${task}`, 1);
    this.#add(`s:${task}:${bucketOf(serviceSeconds)}`, 1);
    this.#add(`S:${task}`, serviceSeconds);
    this.#add(`p:${task}`, cpuSeconds);
  }

  /** Writes what was gathered since the last call; keeps it when Redis refuses. */
  async flush(): Promise<void> {
    const increments = this.#increments;
    this.#increments = new Map();
    try {
      await this.#redis.dswCountFlow(
        1 + QUEUE_NAMES.length,
        this.#keyspace.flow(''),
        ...QUEUE_NAMES.map((queue) => this.#keyspace.queue(queue, '')),
        ...[...increments].flat(),
      );
    } catch (error) {
      for (const [field, value] of increments) this.#add(field, value);
      throw error;
    }
  }

  #add(field: string, value: number): void {
    this.#increments.set(field, (this.#increments.get(field) ?? 0) + value);
  }
}

/** Kinds of fields that speak of a queue; the others speak of a task. */
const QUEUE_FIELDS = new Set(['a', 'b', 'q', 'c', 'f', 'w', 'W']);

/** Reads one bucket as it lies in Redis. */
export function readFlowBucket(startsAt: number, hash: Record<string, string>): FlowBucket {
  const bucket = emptyFlow(startsAt);
  for (const [field, text] of Object.entries(hash)) {
    const [kind, name = '', index] = field.split(':');
    const value = Number(text);
    if (kind === 't') bucket.since = value;
    else if (kind !== undefined && QUEUE_FIELDS.has(kind)) {
      readQueueField(queueFlowOf(bucket, name as QueueName), kind, index, value);
    } else {
      readTaskField(taskFlowOf(bucket, name), kind, index, value);
    }
  }
  return bucket;
}

function readQueueField(
  flow: QueueFlow,
  kind: string,
  index: string | undefined,
  value: number,
): void {
  if (kind === 'a') flow.enqueuedTotal = value;
  else if (kind === 'b') flow.enqueuedBefore = value;
  else if (kind === 'q') flow.waiting = value;
  else if (kind === 'c') flow.completed = value;
  else if (kind === 'f') flow.failed = value;
  else readHistogramField(flow.wait, index, value);
}

function readTaskField(
  flow: TaskFlow,
  kind: string | undefined,
  index: string | undefined,
  value: number,
): void {
  if (kind === 'ct') flow.completed = value;
  else if (kind === 'ft') flow.failed = value;
  else if (kind === 'p') flow.cpuSeconds = value;
  else readHistogramField(flow.service, index, value);
}

/** A bucket's count when it has a number, else the sum. */
function readHistogramField(histogram: Histogram, index: string | undefined, value: number): void {
  if (index === undefined) histogram.sumSeconds = value;
  else {
    histogram.buckets.set(Number(index), value);
    histogram.count += value;
  }
}
