import { describe, expect, it } from 'vitest';
import { dueTicks, type ScheduleEntry } from '../../src/beat/due.js';

const entry = (name: string, everySeconds: number): ScheduleEntry => ({
  name,
  task: 'cleanup_old_files',
  queue: 'maintenance',
  input: {},
  everySeconds,
});

const due = (entries: ScheduleEntry[], last: [string, number][], now: number) =>
  dueTicks(entries, new Map(last), now).map((tick) => [tick.entry.name, tick.dueAt]);

describe('dueTicks', () => {
  it('has a tick at each whole multiple of the period', () => {
    expect(due([entry('a', 60)], [['a', 60_000]], 119_999)).toEqual([]);
    expect(due([entry('a', 60)], [['a', 60_000]], 120_000)).toEqual([['a', 120_000]]);
  });

  it('gives a schedule that never ran its latest tick', () => {
    expect(due([entry('a', 60)], [], 150_000)).toEqual([['a', 120_000]]);
  });

  it('makes one tick of many missed ones', () => {
    expect(due([entry('a', 60)], [['a', 60_000]], 3_600_000)).toEqual([['a', 3_600_000]]);
  });

  it('has none for a tick recorded in the future: a clock was set back', () => {
    expect(due([entry('a', 60)], [['a', 600_000]], 120_000)).toEqual([]);
  });

  it('judges each schedule by its own last tick', () => {
    const entries = [entry('a', 60), entry('b', 30)];
    expect(
      due(
        entries,
        [
          ['a', 120_000],
          ['b', 60_000],
        ],
        125_000,
      ),
    ).toEqual([['b', 120_000]]);
  });
});
