import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../src/config/settings.js';
import { decideReplicas } from '../../src/planning/decide-replicas.js';
import { countTry, emptyFlow, queueFlowOf } from '../../src/planning/flow.js';
import { recallScaling } from '../../src/planning/scaling-recall.js';
import type { FlowBucket, SystemSnapshot } from '../../src/planning/snapshot.js';
import { queueSnapshot, systemSnapshot, workerSnapshot } from '../support/snapshots.js';

const { byHand } = settingsSchema.parse({}).scaling;
const AT = 3_600_000;

/** One minute after another, the last under way: how many waited, and for how long slots were held. */
function history(...minutes: [waiting: number | undefined, busySeconds?: number][]): FlowBucket[] {
  return minutes.map(([waiting, busySeconds = 0], i) => {
    const bucket = emptyFlow(AT - (minutes.length - 1 - i) * 60_000);
    if (waiting !== undefined) queueFlowOf(bucket, 'default').waiting = waiting;
    for (let seconds = 0; seconds < busySeconds; seconds += 10)
      countTry(bucket, {
        queue: 'default',
        task: 'ocr',
        waitSeconds: 1,
        serviceSeconds: 10,
        cpuSeconds: 1,
        completed: true,
      });
    return bucket;
  });
}

const state = (waiting: number, values: Partial<SystemSnapshot>): SystemSnapshot =>
  systemSnapshot({
    at: AT,
    queues: [queueSnapshot({ waiting })],
    workers: [workerSnapshot({ id: 'a' }), workerSnapshot({ id: 'b' })],
    ...values,
  });

const minutesOf = (since: number | undefined): number | undefined =>
  since === undefined ? undefined : (AT - since) / 60_000;

describe('what a decision would remember', () => {
  it.each<[string, SystemSnapshot, above: number | undefined, below: number | undefined]>([
    ['no history', state(20, {}), 0, undefined],
    ['a quiet system without history', state(0, {}), undefined, 0],
    [
      'above for three minutes',
      state(20, { minutes: history([5], [12], [30], [11], [0]) }),
      2,
      undefined,
    ],
    ['not above now', state(5, { minutes: history([12], [12], [0]) }), undefined, 0],
    [
      'a minute without a count',
      state(20, { minutes: history([20], [undefined], [20], [0]) }),
      0,
      undefined,
    ],
    [
      'idle for three minutes',
      state(0, { minutes: history([0, 400], [0], [0, 60], [0], [0]) }),
      undefined,
      2,
    ],
  ])('%s', (_, snapshot, above, below) => {
    const memory = recallScaling(snapshot, byHand);
    expect([minutesOf(memory.aboveSince), minutesOf(memory.belowSince)]).toEqual([above, below]);
  });

  it('lets a first look advise what a long one would', () => {
    const long = (waiting: number): FlowBucket[] =>
      history(...Array.from({ length: 15 }, (): [number] => [waiting]));
    const advice = (waiting: number): string => {
      const snapshot = state(waiting, { minutes: long(waiting) });
      return decideReplicas(snapshot, byHand, recallScaling(snapshot, byHand)).reason;
    };
    expect(advice(20)).toBe('add 1 (2 → 3): 20 waiting, above 10 for 13m00s');
    expect(advice(0)).toBe('keep 2: 0 % busy, below 30 % for 13m00s of 15m00s');
  });

  it('counts running jobs as busy for the minutes that they have run', () => {
    const running = Array.from({ length: 4 }, (_, i) => ({
      ...{ id: `j${i}`, queue: 'default' as const, task: 'ocr', label: undefined },
      ...{ startedAt: AT - 90_000, progress: undefined },
    }));
    const workers = [workerSnapshot({ id: 'a', running }), workerSnapshot({ id: 'b' })];
    const snapshot = state(0, { workers, minutes: history([0], [0], [0], [0]) });
    // 4 of 8 slots were busy in the last minute that is over.
    expect(minutesOf(recallScaling(snapshot, byHand).belowSince)).toBe(0);
  });

  it('misses lost replicas that nobody has replaced', () => {
    const lost = workerSnapshot({ id: 'c', state: 'lost', silentSeconds: 60 });
    const present = workerSnapshot({ id: 'a' });
    const replaced = workerSnapshot({ id: 'd', startedAt: AT - 30_000 });
    expect(recallScaling(state(0, { workers: [present, lost] }), byHand).replicas).toBe(2);
    expect(recallScaling(state(0, { workers: [present, replaced, lost] }), byHand).replicas).toBe(
      2,
    );
  });
});
