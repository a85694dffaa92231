import type { ActionOutcome } from '../queues/job-actions.js';
import type { JobRecord } from '../queues/job-records.js';
import { formatTable, type Column } from './output.js';

const clip = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, width - 1)}…` : text;

const age = (from: number): string => {
  const seconds = Math.max(0, Math.round((Date.now() - from) / 1000));
  if (seconds < 100) return `${seconds}s`;
  return seconds < 6000 ? `${Math.round(seconds / 60)}m` : `${Math.round(seconds / 3600)}h`;
};

const COLUMNS: Column<JobRecord>[] = [
  { title: 'JOB', value: ({ id }) => id },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'TASK', value: ({ task }) => clip(task, 12) },
  { title: 'AGE', align: 'right', value: ({ enqueuedAt }) => age(enqueuedAt) },
  {
    title: 'TRY',
    align: 'right',
    value: ({ attemptsMade, attempts }) => `${attemptsMade}/${attempts}`,
  },
  { title: 'WHAT', value: ({ label, reason }) => clip(reason ?? label ?? '', 26) },
];

/** Jobs as a table that fits 80 columns. */
export function formatJobs(jobs: readonly JobRecord[]): string {
  return jobs.length === 0 ? 'No jobs.' : formatTable(COLUMNS, jobs);
}

/** One job with all that is on record of it. */
export function formatJob(job: JobRecord): string {
  const time = (at: number | undefined): string | undefined =>
    at === undefined ? undefined : new Date(at).toISOString();
  const lines: [string, string | undefined][] = [
    ['job', job.id],
    ['queue', job.queue],
    ['task', job.task],
    ['document', job.label],
    ['state', job.state],
    ['progress', job.progress],
    ['tries', `${job.attemptsMade} of ${job.attempts}`],
    ['enqueued', time(job.enqueuedAt)],
    ['started', time(job.startedAt)],
    ['finished', time(job.finishedAt)],
    ['worker', job.worker],
    ['input', JSON.stringify(job.input)],
    [
      'result',
      job.result === undefined || job.result === null ? undefined : JSON.stringify(job.result),
    ],
    ['reason', job.reason],
    ['where', job.stack],
  ];
  return lines
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name.padEnd(10)}${value}`]))
    .join('\n');
}

const SENTENCES: Record<ActionOutcome, string> = {
  done: 'done',
  'told its worker': 'its worker has been told and ends it within seconds',
  missing: 'no such job',
  running: 'it is running',
  finished: 'it has finished',
  unfinished: 'it has not failed',
};

export function describeOutcome(id: string, outcome: ActionOutcome): string {
  return `${id}  ${SENTENCES[outcome]}`;
}
