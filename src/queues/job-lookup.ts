import { DswError } from '../errors.js';
import { QUEUE_NAMES, type QueueName } from '../planning/queue-names.js';
import type { Redis } from './connection.js';
import { recordOf, type JobRecord, type JobState } from './job-record.js';
import type { Keyspace } from './keyspace.js';

/** Which of a queue's structures hold the jobs of a state, and where in each the oldest stand. */
export const STRUCTURES: Record<
  JobState,
  readonly (readonly [part: string, kind: 'list' | 'set'])[]
> = {
  waiting: [
    ['wait', 'list'],
    ['prioritized', 'set'],
  ],
  // The second: jobs that were split, whose parts run.
  running: [
    ['active', 'list'],
    ['waiting-children', 'set'],
  ],
  delayed: [['delayed', 'set']],
  done: [['completed', 'set']],
  dead: [['failed', 'set']],
};

/** Structures whose jobs do not wait. */
const TELLING = (['running', 'delayed', 'done', 'dead'] as const).flatMap((state) =>
  STRUCTURES[state].map(([part, kind]) => ({ state, part, kind })),
);

/** The record of a job with its state at the same moment, or undefined when there is none. */
export async function readJob(
  redis: Redis,
  keyspace: Keyspace,
  queue: QueueName,
  id: string,
): Promise<JobRecord | undefined> {
  const reading = redis.multi();
  for (const { part, kind } of TELLING) {
    const key = keyspace.queue(queue, part);
    if (kind === 'list') reading.lpos(key, id);
    else reading.zscore(key, id);
  }
  const replies = (await reading.hgetall(keyspace.queue(queue, id)).exec()) ?? [];
  const fields = (replies.at(-1)?.[1] ?? {}) as Record<string, string>;
  if (Object.keys(fields).length === 0) return undefined;
  const found = TELLING.find((_, i) => (replies[i]?.[1] ?? null) !== null);
  return recordOf(id, queue, found?.state ?? 'waiting', fields);
}

/** What to throw when somebody asked for a job that is not there. */
export function noSuchJob(id: string): DswError {
  return new DswError('failed', `no job ${id}`, { hint: 'dsw jobs list shows those there are.' });
}

/** The queue that a job is in, or undefined. */
export async function queueOf(
  redis: Redis,
  keyspace: Keyspace,
  id: string,
): Promise<QueueName | undefined> {
  const pipeline = redis.pipeline();
  for (const queue of QUEUE_NAMES) pipeline.exists(keyspace.queue(queue, id));
  const replies = (await pipeline.exec()) ?? [];
  return QUEUE_NAMES.find((_, i) => replies[i]?.[1] === 1);
}
