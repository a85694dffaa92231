import type { Job } from 'bullmq';
import type { QueueName } from '../planning/queue-names.js';
import { describeParts, readPartsProgress } from './job-parts.js';
import type { QueueSet } from './queue-set.js';

/** What is on record of one job. Times in milliseconds since the epoch. */
export interface JobRecord {
  id: string;
  queue: QueueName;
  task: string;
  label: string | undefined;
  state: 'waiting' | 'delayed' | 'running' | 'completed' | 'dead';
  input: unknown;
  enqueuedAt: number;
  /** How far its parts are, when it was split: "12/20 pages". */
  progress: string | undefined;
  /** Start of the last try; of a job that was split, before it was. */
  startedAt: number | undefined;
  finishedAt: number | undefined;
  attemptsMade: number;
  attempts: number;
  /** The worker that ran it last, or runs it. */
  worker: string | undefined;
  result: unknown;
  /** Why the last try failed. */
  reason: string | undefined;
  /** Where the last try failed. */
  stack: string | undefined;
}

/** The record of a job, or undefined when there is none. */
export async function readJob(
  queueSet: QueueSet,
  queue: QueueName,
  id: string,
): Promise<JobRecord | undefined> {
  // The state first: a job that ends in between must not look ended without its outcome.
  const state = stateOf(await queueSet.of(queue).getJobState(id));
  const job = await queueSet.of(queue).getJob(id);
  return job && recordOf(job, queue, state);
}

export function recordOf(job: Job, queue: QueueName, state: JobRecord['state']): JobRecord {
  const payload = job.data as { label?: string; input?: unknown };
  const parts = readPartsProgress(job.progress);
  const tried = state === 'dead' || state === 'delayed';
  return {
    id: job.id ?? '',
    queue,
    task: job.name,
    label: payload.label,
    state,
    input: payload.input,
    enqueuedAt: job.timestamp,
    progress: parts && describeParts(parts),
    startedAt: parts?.begunAt ?? job.processedOn,
    finishedAt: job.finishedOn,
    attemptsMade: job.attemptsMade,
    attempts: job.opts.attempts ?? 1,
    worker: job.processedBy,
    result: job.returnvalue as unknown,
    reason: tried ? job.failedReason : undefined,
    stack: tried ? job.stacktrace?.at(-1) : undefined,
  };
}

function stateOf(state: string): JobRecord['state'] {
  if (state === 'active' || state === 'waiting-children') return 'running';
  if (state === 'delayed') return 'delayed';
  if (state === 'completed') return 'completed';
  return state === 'failed' ? 'dead' : 'waiting';
}
