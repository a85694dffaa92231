import type { ListedSchedule, ScheduleList } from '../client/schedule-desk.js';
import { formatTable, type Column } from './output.js';

const COLUMNS: Column<ListedSchedule>[] = [
  { title: 'SCHEDULE', value: ({ name }) => name },
  { title: 'WHEN', value: ({ rule }) => rule },
  { title: 'NEXT DUE', value: ({ nextDueTimes }) => formatTime(nextDueTimes[0]) },
  { title: 'LAST SENT', value: ({ lastSentAt }) => formatTime(lastSentAt) },
  { title: 'RESULT', value: ({ lastResult }) => lastResult ?? '–' },
  { title: '', value: markOf },
];

/** The schedules as a table, then the next due times of all of them together. */
export function formatSchedules({ schedules }: ScheduleList, count: number): string {
  if (schedules.length === 0) return 'no schedules';
  const upcoming = schedules
    .flatMap(({ name, nextDueTimes }) => nextDueTimes.map((dueAt) => ({ name, dueAt })))
    .sort((a, b) => a.dueAt - b.dueAt)
    .slice(0, count);
  return [
    formatTable(COLUMNS, schedules),
    '',
    `NEXT ${upcoming.length} (UTC)`,
    ...upcoming.map(({ name, dueAt }) => `${formatTime(dueAt)}  ${name}`),
  ].join('\n');
}

/** The same for machines; times as ISO 8601. */
export function scheduleListJson({ at, isPublished, schedules }: ScheduleList): object {
  const iso = (time: number | undefined): string | undefined =>
    time === undefined ? undefined : new Date(time).toISOString();
  return {
    schemaVersion: 1,
    at: iso(at),
    isPublished,
    schedules: schedules.map(({ nextDueAt, lastDueAt, lastSentAt, nextDueTimes, ...schedule }) => ({
      ...schedule,
      nextDueAt: iso(nextDueAt),
      lastDueAt: iso(lastDueAt),
      lastSentAt: iso(lastSentAt),
      nextDueTimes: nextDueTimes.map(iso),
    })),
  };
}

function markOf({ paused, overdue, clockSetBack }: ListedSchedule): string {
  if (paused) return 'paused';
  if (clockSetBack) return 'clock set back';
  return overdue ? 'OVERDUE' : '';
}

function formatTime(time: number | undefined): string {
  return time === undefined ? '–' : new Date(time).toISOString().slice(5, 19).replace('T', ' ');
}
