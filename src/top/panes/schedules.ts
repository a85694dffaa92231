import { formatSeconds } from '../../planning/readable.js';
import type { ScheduleSnapshot } from '../../planning/snapshot.js';
import { span } from '../line.js';
import type { Cell, Column, Pane, PaneRow } from '../pane.js';

const COLUMNS: Column[] = [
  { title: 'schedule', width: 22, growTo: 32 },
  { title: 'due', width: 16, growTo: 28 },
  { title: 'next in', width: 8, align: 'right' },
  { title: 'last sent', width: 10, align: 'right' },
  { title: 'last job', width: 10 },
  { title: 'queue', width: 13 },
  { title: 'task', width: 20, growTo: 32 },
];

export const schedulesPane: Pane = {
  name: 'schedules',
  title: 'SCHEDULES',
  columns: () => COLUMNS,
  rows: ({ snapshot }) => snapshot.schedules.map((schedule) => rowOf(schedule, snapshot.at)),
  summary: ({ snapshot: { schedules, beats, at } }) => {
    if (!beats.some(({ holder }) => holder)) return [span('no scheduler runs: dsw beat', 'warn')];
    const [next] = schedules
      .filter(({ nextDueAt }) => nextDueAt !== undefined)
      .sort((a, b) => (a.nextDueAt ?? 0) - (b.nextDueAt ?? 0));
    const late = schedules.filter(({ overdue }) => overdue).length;
    return [
      span(
        next
          ? `next: ${next.name} in ${formatSeconds(Math.max(0, (next.nextDueAt ?? 0) - at) / 1000)}`
          : 'none',
      ),
      ...(late > 0 ? [span(`, ${late} overdue`, 'bad')] : []),
    ];
  },
  empty: () => 'none: the scheduler has loaded none, or does not run: dsw beat',
};

function rowOf(schedule: ScheduleSnapshot, at: number): PaneRow {
  const { name, rule, task, queue, paused, lastSentAt, lastResult } = schedule;
  const lastSeconds = lastSentAt === undefined ? undefined : Math.max(0, at - lastSentAt) / 1000;
  return {
    key: name,
    ...(paused ? { tone: 'dim' as const } : {}),
    cells: () => [
      { text: name },
      { text: rule },
      nextCell(schedule, at),
      {
        text: lastSeconds === undefined ? '–' : `${formatSeconds(lastSeconds)} ago`,
        value: lastSeconds ?? -1,
      },
      { text: lastResult ?? '–', ...(lastResult === 'dead' ? { tone: 'bad' as const } : {}) },
      { text: queue },
      { text: task },
    ],
    detail: () => [
      ['schedule', name],
      ['task, queue', `${task}, ${queue}`],
      ['due', rule],
      ['next', nextCell(schedule, at).text],
      [
        'last job',
        schedule.lastJobId ? `${schedule.lastJobId}, ${lastResult ?? 'unknown'}` : 'none yet',
      ],
      [
        'state',
        paused
          ? 'paused'
          : schedule.clockSetBack
            ? 'waits for a clock that was set back'
            : schedule.overdue
              ? 'overdue'
              : 'on time',
      ],
    ],
  };
}

function nextCell(
  { nextDueAt, paused, overdue, clockSetBack }: ScheduleSnapshot,
  at: number,
): Cell {
  const value = nextDueAt ?? Infinity;
  if (paused) return { text: 'paused', value };
  if (clockSetBack) return { text: 'clock !', value, tone: 'warn' };
  if (overdue) return { text: 'overdue', value, tone: 'bad' };
  const seconds = nextDueAt === undefined ? undefined : Math.max(0, nextDueAt - at) / 1000;
  return { text: seconds === undefined ? '–' : formatSeconds(seconds), value };
}
