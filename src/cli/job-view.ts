import type { JobAction, OutcomeCounts } from '../client/job-desk.js';
import type { ActionOutcome } from '../queues/job-actions.js';
import type { JobRecord } from '../queues/job-record.js';
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
    ['ready', job.readyAt > job.enqueuedAt ? time(job.readyAt) : undefined],
    ['started', time(job.startedAt)],
    ['waited', waited(job)],
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

/** Of its last try; a job that was split has one wait before its parts, and one after. */
function waited({ startedAt = 0, readyAt }: JobRecord): string | undefined {
  const seconds = (startedAt - readyAt) / 1000;
  return seconds < 0 ? undefined : `${seconds.toFixed(1)} s`;
}

const DONE: Record<JobAction['kind'], string> = {
  retry: 'put back to wait',
  discard: 'discarded',
  cancel: 'cancelled',
  move: 'moved',
};

/** What became of one job. */
export function describeOutcome(outcome: ActionOutcome, action: JobAction): string {
  switch (outcome) {
    case 'applied':
      return action.kind === 'move' ? `moved to ${action.to}` : DONE[action.kind];
    case 'told its worker':
      return 'its worker has been told and ends it within seconds';
    case 'missing':
      return 'no such job';
    case 'running':
      return 'it is running';
    case 'finished':
      return 'it has finished';
    case 'unfinished':
      return 'it has not failed';
  }
}

/** What became of many: "1204 jobs discarded; 3 left alone: they run". */
export function describeCounts(counts: OutcomeCounts, action: JobAction): string {
  const { applied = 0, 'told its worker': told = 0 } = counts;
  const left = Object.values(counts).reduce((sum, count) => sum + count, 0) - applied - told;
  return [
    `${jobs(applied)} ${describeOutcome('applied', action)}`,
    ...(told > 0 ? [`${jobs(told)} running: their workers have been told`] : []),
    ...(left > 0 ? [`${jobs(left)} left alone: they had moved on meanwhile`] : []),
  ].join('\n');
}

const VERBS: Record<JobAction['kind'], string> = {
  retry: 'Retry',
  discard: 'Remove the record of',
  cancel: 'Cancel',
  move: 'Move',
};

/** @param which a job's id, how many jobs, or undefined: those that match. */
export function questionFor(action: JobAction, which: string | number | undefined): string {
  const what = typeof which === 'number' ? jobs(which) : (which ?? 'all jobs that match');
  return `${VERBS[action.kind]} ${what}${action.kind === 'move' ? ` to ${action.to}` : ''}?`;
}

function jobs(count: number): string {
  return `${count} ${count === 1 ? 'job' : 'jobs'}`;
}
