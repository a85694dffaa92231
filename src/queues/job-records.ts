import type { QueueName } from '../planning/queue-names.js';
import type { QueueSet } from './queue-set.js';

/** What is on record of one job. Times in milliseconds since the epoch. */
export interface JobRecord {
  id: string;
  queue: QueueName;
  task: string;
  label: string | undefined;
  state: 'waiting' | 'delayed' | 'running' | 'completed' | 'dead';
  enqueuedAt: number;
  /** Start of the last try. */
  startedAt: number | undefined;
  finishedAt: number | undefined;
  attemptsMade: number;
  result: unknown;
  /** Why the last try failed. */
  reason: string | undefined;
}

/** The record of a job, or undefined when there is none. */
export async function readJob(
  queueSet: QueueSet,
  queue: QueueName,
  id: string,
): Promise<JobRecord | undefined> {
  const job = await queueSet.of(queue).getJob(id);
  if (!job) return undefined;
  const state = stateOf(await job.getState());
  return {
    id,
    queue,
    task: job.name,
    label: (job.data as { label?: string }).label,
    state,
    enqueuedAt: job.timestamp,
    startedAt: job.processedOn,
    finishedAt: job.finishedOn,
    attemptsMade: job.attemptsMade,
    result: job.returnvalue as unknown,
    reason: state === 'dead' ? job.failedReason : undefined,
  };
}

function stateOf(state: string): JobRecord['state'] {
  if (state === 'active') return 'running';
  if (state === 'delayed') return 'delayed';
  if (state === 'completed') return 'completed';
  return state === 'failed' ? 'dead' : 'waiting';
}
