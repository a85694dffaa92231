import { formatSeconds } from '../../planning/readable.js';
import type { ListedJob, RunningJob, TimeLimits, WorkerSnapshot } from '../../planning/snapshot.js';
import { span, type Span } from '../line.js';
import { TASK_STATES, type Column, type Pane, type PaneRow, type TaskState } from '../pane.js';
import type { Picture } from '../../monitor/picture.js';
import { countCell, durationCell } from './cells.js';
import { timingLines } from './task-timing.js';

const TASK: Column = { title: 'task', width: 12, growTo: 20 };
const DOCUMENT: Column = { title: 'document', width: 22, growTo: 44 };
const QUEUE: Column = { title: 'queue', width: 13 };
const TRIES: Column = { title: 'tries', width: 5, align: 'right' };
const REASON: Column = { title: 'reason', width: 26, growTo: 120 };
const timeColumn = (title: string): Column => ({ title, width: 8, align: 'right' });

const COLUMNS: Record<TaskState, Column[]> = {
  running: [
    TASK,
    DOCUMENT,
    { title: 'progress', width: 11, growTo: 20 },
    timeColumn('runs for'),
    { title: 'worker', width: 17, growTo: 28 },
    QUEUE,
  ],
  waiting: [TASK, DOCUMENT, timeColumn('waits'), TRIES, QUEUE],
  delayed: [TASK, DOCUMENT, timeColumn('due in'), REASON, TRIES, QUEUE],
  done: [TASK, DOCUMENT, timeColumn('ended'), timeColumn('took'), TRIES, QUEUE],
  dead: [TASK, DOCUMENT, timeColumn('died'), REASON, TRIES, QUEUE],
};

export const tasksPane: Pane = {
  name: 'tasks',
  title: 'TASKS',
  columns: (state) => COLUMNS[state],
  rows: (picture, state) =>
    state === 'running' ? runningRows(picture) : listedRows(picture, state),
  summary: (picture, state) => [
    ...TASK_STATES.flatMap((name) => stateSpans(picture, name, name === state)),
    ...(picture.figures.stalled > 0 ? [span(` ${picture.figures.stalled} stalled`, 'bad')] : []),
  ],
  preface: ({ figures }) => timingLines(figures.tasks),
  empty: (_, state) =>
    state === 'running' ? 'nothing runs; send something: dsw submit <file>' : `no job is ${state}`,
};

export const deadPane: Pane = {
  name: 'dead',
  title: 'DEAD LETTERS',
  columns: () => COLUMNS.dead,
  rows: (picture) => listedRows(picture, 'dead'),
  summary: ({ figures, snapshot }, _, isOpen) => {
    const [newest] = snapshot.jobs.dead;
    if (figures.dead === 0) return [span('none', 'dim')];
    return [
      span(String(figures.dead), 'bad'),
      span(newest && !isOpen ? `, the last: ${newest.reason ?? 'no reason on record'}` : ''),
    ];
  },
  empty: () => 'none: every job that ended, ended well',
};

interface Run {
  job: RunningJob;
  worker: WorkerSnapshot;
}

function countOf({ figures }: Picture, state: TaskState): number {
  switch (state) {
    case 'running':
      return figures.running - figures.stalled;
    case 'done':
      return figures.queues.reduce((sum, { done }) => sum + done, 0);
    default:
      return figures[state];
  }
}

function stateSpans(picture: Picture, state: TaskState, isShown: boolean): Span[] {
  const count = countOf(picture, state);
  const text = isShown ? `[${state} ${count}]` : ` ${state} ${count} `;
  return [span(text, isShown ? 'accent' : count === 0 ? 'dim' : 'plain')];
}

/** Jobs of lost workers, too, as long as they may have to run again. */
function runningRows({ snapshot, figures }: Picture): PaneRow[] {
  const { at, workers } = snapshot;
  const [lost, live] = [true, false].map((isLost) =>
    workers
      .filter(({ state }) => (state === 'lost') === isLost)
      .flatMap((worker) => worker.running.map((job) => ({ job, worker }))),
  ) as [Run[], Run[]];
  const elsewhere = new Set(live.map(({ job }) => job.id));
  const stalled = figures.stalled > 0 ? lost.filter(({ job }) => !elsewhere.has(job.id)) : [];
  const jobs = [...stalled, ...live];
  const rows = jobs
    .sort((a, b) => a.job.startedAt - b.job.startedAt)
    .map(({ job, worker }) => runningRow(job, worker, (at - job.startedAt) / 1000));
  return [...snapshot.jobs.split.map((job) => splitRow(job, at)), ...rows];
}

/** A job whose parts run: they have rows of their own. */
function splitRow(job: ListedJob, at: number): PaneRow {
  return {
    key: job.id,
    cells: () => [
      { text: job.task },
      { text: job.label ?? job.id },
      { text: job.progress ?? '' },
      durationCell(Math.max(0, at - (job.startedAt ?? at)) / 1000),
      { text: 'in parts' },
      { text: job.queue },
    ],
    detail: () => [...detailOf(job, at), ['progress', job.progress ?? 'not told']],
  };
}

function runningRow(job: RunningJob, worker: WorkerSnapshot, seconds: number): PaneRow {
  const { id, timeLimits, state } = worker;
  const isStalled = state === 'lost';
  return {
    key: job.id,
    ...(isStalled ? { tone: 'bad' as const } : {}),
    cells: () => [
      { text: job.task },
      { text: job.label ?? job.id },
      { text: isStalled ? 'stalled' : (job.progress ?? '') },
      durationCell(Math.max(0, seconds)),
      { text: id },
      { text: job.queue },
    ],
    detail: () => [
      ['job', job.id],
      ['task', job.task],
      ['document', job.label ?? '–'],
      ['queue', job.queue],
      ['worker', isStalled ? `${id}, lost: it runs again when its lease is over` : id],
      ['runs for', formatSeconds(seconds)],
      ['time limits', describeLimits(timeLimits[job.task])],
      ['progress', job.progress ?? 'not told'],
    ],
  };
}

function describeLimits({ softSeconds, hardSeconds }: TimeLimits = {}): string {
  const limits = [
    ...(softSeconds === undefined ? [] : [`asked to finish after ${formatSeconds(softSeconds)}`]),
    ...(hardSeconds === undefined ? [] : [`ended after ${formatSeconds(hardSeconds)}`]),
  ];
  return limits.join(', ') || 'none';
}

function listedRows({ snapshot }: Picture, state: Exclude<TaskState, 'running'>): PaneRow[] {
  const { at, jobs } = snapshot;
  const list = jobs[state];
  return list.map((job) => ({
    key: job.id,
    cells: () => [
      { text: job.task },
      { text: job.label ?? job.id },
      ...timeCells(job, state, at),
      ...(state === 'dead' || state === 'delayed' ? [{ text: job.reason ?? '' }] : []),
      countCell(job.attemptsMade),
      { text: job.queue },
    ],
    detail: () => detailOf(job, at),
  }));
}

/** When it was or will be, and for the finished ones how long they took. */
function timeCells(job: ListedJob, state: Exclude<TaskState, 'running'>, at: number) {
  const since = (time: number | undefined) =>
    durationCell(time === undefined ? undefined : Math.max(0, at - time) / 1000);
  switch (state) {
    case 'waiting':
      return [since(job.enqueuedAt)];
    case 'delayed':
      return [
        durationCell(job.dueAt === undefined ? undefined : Math.max(0, job.dueAt - at) / 1000),
      ];
    case 'done':
      return [since(job.finishedAt), durationCell(tookSeconds(job))];
    case 'dead':
      return [since(job.finishedAt)];
  }
}

function tookSeconds({ startedAt, finishedAt }: ListedJob): number | undefined {
  if (startedAt === undefined || finishedAt === undefined) return undefined;
  return Math.max(0, finishedAt - startedAt) / 1000;
}

function detailOf(job: ListedJob, at: number): [string, string][] {
  const ago = (time: number | undefined): string =>
    time === undefined ? '–' : `${formatSeconds(Math.max(0, at - time) / 1000)} ago`;
  return [
    ['job', job.id],
    ['task', job.task],
    ['document', job.label ?? '–'],
    ['queue', job.queue],
    ['enqueued', ago(job.enqueuedAt)],
    ['last try began', ago(job.startedAt)],
    ['ended', ago(job.finishedAt)],
    ['took', formatSeconds(tookSeconds(job) ?? 0)],
    ['tries', String(job.attemptsMade)],
    ['reason', job.reason ?? '–'],
    ['all of it', `dsw jobs show ${job.id}`],
  ];
}
