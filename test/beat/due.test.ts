import { describe, expect, it } from 'vitest';
import { dueTicks, entryOf, nextSendAt, type ScheduleEntry } from '../../src/beat/due.js';
import type { ScheduleRule } from '../../src/planning/recurrence.js';
import type { Schedule } from '../../src/planning/schedule.js';
import { scheduleOf } from '../support/schedules.js';

function entry(rule: ScheduleRule, values: Partial<Schedule> = {}): ScheduleEntry {
  return entryOf(scheduleOf({ name: 'a', rule, ...values }));
}

const every = (seconds: number, values: Partial<Schedule> = {}) =>
  entry({ everySeconds: seconds }, values);
const cron = (text: string, timeZone = 'UTC', values: Partial<Schedule> = {}) =>
  entry({ cron: text, timeZone }, values);
const at = (text: string): number => Date.parse(text);

/** Due times sent for one schedule whose last tick was at `last`. */
function due(one: ScheduleEntry, last: number | undefined, now: number): number[] {
  const lastTicks = new Map(last === undefined ? [] : [[one.schedule.name, last]]);
  return dueTicks([one], lastTicks, now)
    .filter(({ action }) => action === 'send')
    .map(({ dueAt }) => dueAt);
}

/** Every tick from one moment to another, as a beat that looks all the time would send them. */
function walk(one: ScheduleEntry, from: string, to: string): string[] {
  const ticks: string[] = [];
  let time = one.recurrence.next(at(from));
  while (time !== undefined && time <= at(to)) {
    ticks.push(new Date(time).toISOString().slice(0, 16));
    time = one.recurrence.next(time);
  }
  return ticks;
}

describe('dueTicks', () => {
  it('has a tick at each whole multiple of a period', () => {
    expect(due(every(60), 60_000, 119_999)).toEqual([]);
    expect(due(every(60), 60_000, 120_000)).toEqual([120_000]);
  });

  it('gives a schedule that never ran its latest tick', () => {
    expect(due(every(60), undefined, 150_000)).toEqual([120_000]);
  });

  it('has none for a tick recorded in the future: a clock was set back', () => {
    expect(due(every(60), 600_000, 120_000)).toEqual([]);
  });

  it('judges each schedule by its own last tick, oldest first', () => {
    const entries = [every(60, { name: 'slow' }), every(30, { name: 'fast' })];
    const last = new Map([
      ['slow', 60_000],
      ['fast', 60_000],
    ]);
    const ticks = dueTicks(entries, last, 125_000);
    expect(ticks.map(({ schedule, dueAt }) => [schedule.name, dueAt])).toEqual([
      ['slow', 120_000],
      ['fast', 120_000],
    ]);
  });
});

describe('missed ticks', () => {
  it('once: the last is made up for, and it is told since when', () => {
    const one = every(60, { missed: 'once' });
    const [tick, ...more] = dueTicks([one], new Map([['a', 60_000]]), 3_600_000);
    expect(more).toEqual([]);
    expect(tick).toMatchObject({ dueAt: 3_600_000, action: 'send', missedSince: 120_000 });
  });

  it('all: each is sent, oldest first, at most so many', () => {
    expect(due(every(60, { missed: 'all' }), 60_000, 300_000)).toEqual([
      120_000, 180_000, 240_000, 300_000,
    ]);
    expect(due(every(60, { missed: 'all', missedLimit: 2 }), 60_000, 300_000)).toEqual([
      240_000, 300_000,
    ]);
  });

  it('all, by the calendar: of more than the limit the latest, of fewer each one', () => {
    const hourly = cron('0 * * * *', 'Europe/Berlin', { missed: 'all', missedLimit: 3 });
    const hours = (...counts: number[]) => counts.map((count) => count * 3_600_000);
    expect(due(hourly, 0, 3_600_000 * 2.5)).toEqual(hours(1, 2));
    expect(due(hourly, 0, 3_600_000 * 3)).toEqual(hours(1, 2, 3));
    expect(due(hourly, 0, 3_600_000 * 9)).toEqual(hours(7, 8, 9));
  });

  it('all: one tick that is due costs two looks at the calendar, however high the limit', () => {
    const { schedule, recurrence } = cron('0 * * * *', 'UTC', { missed: 'all', missedLimit: 1000 });
    const looks: string[] = [];
    const counted = {
      schedule,
      recurrence: {
        next: (time: number) => (looks.push('next'), recurrence.next(time)),
        latest: (time: number, count: number) => (
          looks.push(`latest ${count}`),
          recurrence.latest(time, count)
        ),
      },
    };
    expect(due(counted, 0, 3_600_000)).toEqual([3_600_000]);
    expect(looks).toEqual(['next', 'next']);
  });

  it('skip: a tick later than it may be is only recorded', () => {
    const one = every(3600, { missed: 'skip', lateAfterSeconds: 60 });
    const seen = (now: number) =>
      dueTicks([one], new Map([['a', 0]]), now).map(({ dueAt, action }) => [dueAt, action]);
    expect(seen(3_600_000 + 60_000)).toEqual([[3_600_000, 'send']]);
    expect(seen(3_600_000 + 60_001)).toEqual([[3_600_000, 'drop']]);
  });
});

describe('jitter', () => {
  it('is the same for a tick whoever asks, spread over its range, below the next tick', () => {
    const one = every(60, { jitterSeconds: 600 });
    const delays = Array.from({ length: 200 }, (_, i) => {
      const dueAt = (i + 1) * 60_000;
      const sendAt = nextSendAt(one, dueAt - 60_000, 0);
      expect(nextSendAt(every(60, { jitterSeconds: 600 }), dueAt - 60_000, 0)).toBe(sendAt);
      return sendAt! - dueAt;
    });
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...delays)).toBeLessThan(60_000);
    const mean = delays.reduce((a, b) => a + b) / delays.length;
    expect(mean).toBeGreaterThan(25_000);
    expect(mean).toBeLessThan(35_000);
  });

  it('holds a tick back until its moment', () => {
    const one = every(60, { jitterSeconds: 30 });
    const sendAt = nextSendAt(one, 60_000, 0)!;
    expect(due(one, 60_000, sendAt - 1)).toEqual([]);
    expect(due(one, 60_000, sendAt)).toEqual([120_000]);
  });
});

describe('the calendar', () => {
  it('takes seconds when there are six fields', () => {
    expect(
      due(cron('*/10 * * * * *'), at('2026-01-01T00:00:00Z'), at('2026-01-01T00:00:10Z')),
    ).toEqual([at('2026-01-01T00:00:10Z')]);
  });

  it('knows leap days', () => {
    expect(walk(cron('0 3 29 2 *'), '2026-01-01T00:00Z', '2033-01-01T00:00Z')).toEqual([
      '2028-02-29T03:00',
      '2032-02-29T03:00',
    ]);
  });

  it('goes by the time of its zone', () => {
    expect(
      walk(cron('0 9 * * *', 'Asia/Kolkata'), '2026-01-01T00:00Z', '2026-01-02T00:00Z'),
    ).toEqual(['2026-01-01T03:30']);
  });
});

// Berlin skips 02:00–03:00 on 2026-03-29 and repeats it on 2026-10-25; New York skips 02:00–03:00
// on 2026-03-08 and repeats 01:00–02:00 on 2026-11-01.
describe('clock changes', () => {
  it('in spring: a named time that is left out is due once, right after the gap', () => {
    const berlin = walk(
      cron('30 2 * * *', 'Europe/Berlin'),
      '2026-03-28T00:00Z',
      '2026-03-30T23:00Z',
    );
    expect(berlin).toEqual(['2026-03-28T01:30', '2026-03-29T01:00', '2026-03-30T00:30']);
    const newYork = walk(
      cron('30 2 * * *', 'America/New_York'),
      '2026-03-07T00:00Z',
      '2026-03-09T23:00Z',
    );
    expect(newYork).toEqual(['2026-03-07T07:30', '2026-03-08T07:00', '2026-03-09T06:30']);
  });

  it('in autumn: a named time that is repeated is due once, at the first', () => {
    const berlin = walk(
      cron('30 2 * * *', 'Europe/Berlin'),
      '2026-10-24T00:00Z',
      '2026-10-26T23:00Z',
    );
    expect(berlin).toEqual(['2026-10-24T00:30', '2026-10-25T00:30', '2026-10-26T01:30']);
    const newYork = walk(
      cron('30 1 * * *', 'America/New_York'),
      '2026-10-31T00:00Z',
      '2026-11-02T23:00Z',
    );
    expect(newYork).toEqual(['2026-10-31T05:30', '2026-11-01T05:30', '2026-11-02T06:30']);
  });

  it('leave what is due every so many minutes at real time', () => {
    const quarterly = cron('*/30 * * * *', 'Europe/Berlin');
    expect(walk(quarterly, '2026-03-29T00:00Z', '2026-03-29T02:00Z')).toHaveLength(4);
    expect(walk(quarterly, '2026-10-25T00:00Z', '2026-10-25T02:00Z')).toHaveLength(4);
    expect(walk(every(1800), '2026-10-25T00:00Z', '2026-10-25T02:00Z')).toHaveLength(4);
  });

  it('agree with looking back: what is latest is what came next before', () => {
    const one = cron('30 2 * * *', 'Europe/Berlin');
    for (const day of ['2026-03-29', '2026-10-25', '2026-07-01']) {
      const next = one.recurrence.next(at(`${day}T00:00Z`))!;
      expect(one.recurrence.latest(next, 1)).toEqual([next]);
      expect(one.recurrence.latest(next + 5000, 1)).toEqual([next]);
    }
  });
});
