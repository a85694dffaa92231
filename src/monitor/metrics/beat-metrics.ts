import type { ScheduleSnapshot } from '../../planning/snapshot.js';
import { readAll, type MetricFamily, type Reading } from './families.js';

/** What a beat tells of itself. */
export interface BeatReading {
  id: string;
  isHolder: boolean;
  /** Milliseconds since the epoch. */
  startedAt: number;
  sentTicks: number;
}

const BEAT_READINGS: Reading<BeatReading>[] = [
  {
    name: 'dsw_beat_holder',
    help: '1 while the beat is the scheduler; 0 while it stands by or has no Redis.',
    type: 'gauge',
    value: ({ isHolder }) => Number(isHolder),
  },
  {
    name: 'dsw_beat_sent_ticks_total',
    help: 'Due tasks that the beat has sent.',
    type: 'counter',
    value: ({ sentTicks }) => sentTicks,
  },
  {
    name: 'dsw_beat_start_time_seconds',
    help: 'When the beat started, in seconds since the epoch.',
    type: 'gauge',
    value: ({ startedAt }) => startedAt / 1000,
  },
];

const SCHEDULE_READINGS: Reading<ScheduleSnapshot>[] = [
  {
    name: 'dsw_schedule_overdue',
    help: '1 while the tick to come of a schedule is later than it may be.',
    type: 'gauge',
    value: ({ overdue }) => Number(overdue),
  },
  {
    name: 'dsw_schedule_paused',
    help: '1 while a schedule is paused.',
    type: 'gauge',
    value: ({ paused }) => Number(paused),
  },
  {
    name: 'dsw_schedule_last_sent_time_seconds',
    help: 'When the last job of a schedule was sent, in seconds since the epoch.',
    type: 'gauge',
    value: ({ lastSentAt }) => (lastSentAt === undefined ? undefined : lastSentAt / 1000),
  },
  {
    name: 'dsw_schedule_next_due_time_seconds',
    help: 'When a schedule is next due, in seconds since the epoch.',
    type: 'gauge',
    value: ({ nextDueAt }) => (nextDueAt === undefined ? undefined : nextDueAt / 1000),
  },
];

/** What the endpoint of a beat tells of it alone. */
export function beatFamilies(beat: BeatReading): MetricFamily[] {
  return readAll(BEAT_READINGS, [beat], ({ id }) => ({ beat: id }));
}

/** What every endpoint tells of the schedules. */
export function scheduleFamilies(schedules: readonly ScheduleSnapshot[]): MetricFamily[] {
  return readAll(SCHEDULE_READINGS, schedules, ({ name }) => ({ schedule: name }));
}
