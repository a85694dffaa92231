import { describe, expect, it } from 'vitest';
import { busySlotsLately, busySlotsPerMinute } from '../../src/planning/busy-history.js';
import { countTry, emptyFlow, queueFlowOf } from '../../src/planning/flow.js';
import type { FlowBucket, RunningJob } from '../../src/planning/snapshot.js';
import { workerSnapshot } from '../support/snapshots.js';

const MINUTE = 60_000;
const AT = 60 * MINUTE + 30_000;

/** The last quarter of an hour, in which jobs ended: by minutes ago, how many and how long each took. */
function history(ended: Record<number, [jobs: number, seconds: number]>, since = 14) {
  const minutes = Array.from({ length: 15 }, (_, i): FlowBucket => {
    const bucket = emptyFlow(60 * MINUTE - (14 - i) * MINUTE);
    if (14 - i <= since) queueFlowOf(bucket, 'default').waiting = 0;
    const [jobs, serviceSeconds] = ended[14 - i] ?? [0, 0];
    const tried = { queue: 'default' as const, task: 'ocr', waitSeconds: 0, cpuSeconds: 0 };
    for (let job = 0; job < jobs; job++)
      countTry(bucket, { ...tried, serviceSeconds, completed: true });
    return bucket;
  });
  return { at: AT, minutes, workers: [workerSnapshot()] };
}

const running = (...startedAt: number[]): RunningJob[] =>
  startedAt.map((time, i) => ({
    id: `j${i}`,
    queue: 'default',
    task: 'ocr',
    label: undefined,
    startedAt: time,
    progress: undefined,
  }));

describe('busy slots', () => {
  it('come from the jobs that ended in a minute', () => {
    // Twenty jobs of six seconds in a minute keep two slots busy.
    const perMinute = busySlotsPerMinute(history({ 2: [20, 6] }));
    expect(perMinute[12]).toBeCloseTo(2);
    expect(perMinute[11]).toBe(0);
  });

  it('spread over the minutes that a long job took, up to the beginning of what is known', () => {
    const perMinute = busySlotsPerMinute(history({ 1: [1, 1200] }));
    expect(perMinute.slice(0, 13)).toEqual(Array(13).fill(1));
    expect(perMinute[13]).toBe(0.5);
    expect(perMinute[14]).toBe(0);
  });

  it('hold the jobs that run, not those of a lost worker', () => {
    const jobs = running(AT - 90_000, AT - 15_000);
    const at = { ...history({}), workers: [workerSnapshot({ running: jobs })] };
    expect(busySlotsPerMinute(at).slice(-3)).toEqual([0, 1, 1.5]);
    const lost = [workerSnapshot({ running: jobs, state: 'lost' })];
    expect(busySlotsPerMinute({ ...at, workers: lost }).at(-1)).toBe(0);
  });

  it('are unknown before somebody counted', () => {
    expect(busySlotsPerMinute(history({}, 1)).slice(-3)).toEqual([undefined, 0, 0]);
    expect(busySlotsLately({ ...history({}), minutes: [] })).toBeUndefined();
    expect(busySlotsLately({ ...history({}, 0), at: 60 * MINUTE + 20_000 })).toBeUndefined();
  });

  it('lately: over five minutes and the one under way', () => {
    // 330 seconds are looked at.
    expect(busySlotsLately(history({ 3: [11, 30], 9: [100, 30] }))).toBeCloseTo(1);
  });
});
