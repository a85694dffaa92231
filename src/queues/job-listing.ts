import type { JobType } from 'bullmq';
import { QUEUE_NAMES, type QueueName } from '../planning/queue-names.js';
import { recordOf, type JobRecord } from './job-records.js';
import type { QueueSet } from './queue-set.js';

export type JobState = JobRecord['state'];

export interface JobFilter {
  states: readonly JobState[];
  queues: readonly QueueName[];
  task?: string;
  /** Part of the reason of a failure. */
  error?: string;
  /** Only jobs enqueued longer ago than this. */
  olderThanSeconds?: number;
  /** How many at most. */
  limit: number;
}

export const JOB_STATES: readonly JobState[] = [
  'waiting',
  'running',
  'delayed',
  'completed',
  'dead',
];

const BULLMQ_STATES: Record<JobState, JobType[]> = {
  waiting: ['wait', 'prioritized'],
  running: ['active', 'waiting-children'],
  delayed: ['delayed'],
  completed: ['completed'],
  dead: ['failed'],
};

const PAGE = 200;

/** Jobs of the queues by state, most urgent queue first, oldest first; read in pages, never all at once. */
export async function listJobs(
  queueSet: QueueSet,
  filter: JobFilter,
  now: number,
): Promise<JobRecord[]> {
  const found: JobRecord[] = [];
  for (const queue of QUEUE_NAMES.filter((name) => filter.queues.includes(name))) {
    for (const state of JOB_STATES.filter((name) => filter.states.includes(name))) {
      for (let start = 0; found.length < filter.limit; start += PAGE) {
        const jobs = await queueSet
          .of(queue)
          .getJobs(BULLMQ_STATES[state], start, start + PAGE - 1, true);
        const records = jobs.map((job) => recordOf(job, queue, state));
        found.push(...records.filter((record) => matches(record, filter, now)));
        if (jobs.length === 0) break;
      }
    }
  }
  return found.slice(0, filter.limit);
}

function matches(
  record: JobRecord,
  { task, error, olderThanSeconds }: JobFilter,
  now: number,
): boolean {
  if (task !== undefined && record.task !== task) return false;
  if (error !== undefined && !(record.reason ?? '').toLowerCase().includes(error.toLowerCase()))
    return false;
  return olderThanSeconds === undefined || now - record.enqueuedAt > olderThanSeconds * 1000;
}
