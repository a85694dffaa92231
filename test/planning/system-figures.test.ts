import { expect, it } from 'vitest';
import { addFlow, countTry, emptyFlow, queueFlowOf } from '../../src/planning/flow.js';
import type { FlowBucket } from '../../src/planning/snapshot.js';
import { systemFigures } from '../../src/planning/system-figures.js';
import { queueSnapshot, systemSnapshot, workerSnapshot } from '../support/snapshots.js';

const MINUTE = 60_000;

/** Fifteen minutes, the last under way for half a minute, in which `fill` happened. */
function minutes(fill: (minute: FlowBucket, index: number) => void): FlowBucket[] {
  return Array.from({ length: 15 }, (_, index) => {
    const minute = emptyFlow(index * MINUTE);
    fill(minute, index);
    return minute;
  });
}
const at = 14.5 * MINUTE;

function tries(count: number, serviceSeconds: number, failed = 0): FlowBucket {
  const flow = emptyFlow(0);
  for (let i = 0; i < count; i++) {
    const completed = i >= failed;
    countTry(flow, {
      queue: 'default',
      task: 'ocr',
      waitSeconds: 2,
      serviceSeconds: serviceSeconds * (0.9 + (0.2 * i) / count),
      cpuSeconds: serviceSeconds / 2,
      completed,
    });
  }
  return flow;
}

function counted(minute: FlowBucket, total: number, before?: number): void {
  const flow = queueFlowOf(minute, 'default');
  flow.enqueuedTotal = total;
  flow.enqueuedBefore = before;
}

it('counts slots that take jobs: not those of lost or starting workers, busy ones of draining ones', () => {
  const { capacity } = systemFigures(
    systemSnapshot({
      workers: [
        workerSnapshot({ busy: 3 }),
        workerSnapshot({ state: 'draining', busy: 1 }),
        workerSnapshot({ state: 'starting' }),
        workerSnapshot({ state: 'lost', busy: 4 }),
      ],
    }),
  );
  expect(capacity).toMatchObject({
    slots: 5,
    busy: 4,
    startingSlots: 4,
    utilization: 0.8,
    band: { name: 'good' },
    workers: { running: 1, draining: 1, starting: 1, lost: 1 },
  });
});

it('gives rates over the time that is covered, and undefined where nothing is known', () => {
  const nothing = systemFigures(systemSnapshot({ at, minutes: minutes(() => undefined) })).flow;
  expect(nothing).toMatchObject({
    seconds: 0,
    inPerHour: undefined,
    outPerHour: undefined,
    successRate: undefined,
  });
  const { flow, queues, service } = systemFigures(
    systemSnapshot({
      at,
      queues: [queueSnapshot({ enqueuedTotal: 125, waiting: 7 })],
      minutes: minutes((minute, i) => {
        if (i < 5) return;
        counted(minute, 100 + 2 * (i - 4), 100 + 2 * (i - 5));
        if (i === 6) addFlow(minute, tries(20, 10, 1));
      }),
    }),
  );
  expect(flow.seconds).toBe(570);
  expect(flow.inPerHour).toBeCloseTo((25 * 3600) / 570);
  expect(flow.outPerHour).toBeCloseTo((19 * 3600) / 570);
  expect(flow.successRate).toBe(0.95);
  expect(flow.wait.count).toBe(20);
  expect(service.p95Seconds).toBeGreaterThan(9);
  expect(queues[0]!.flow.waitingPerMinute.at(-1)).toBe(7);
});

it('spreads over the minutes between what was enqueued while no worker counted', () => {
  const { queues } = systemFigures(
    systemSnapshot({
      at,
      queues: [queueSnapshot({ enqueuedTotal: 50 })],
      minutes: minutes((minute, i) => {
        if (i === 8) counted(minute, 12, 10);
        if (i === 11) counted(minute, 42);
      }),
    }),
  );
  const unknown = Array.from({ length: 8 }, () => undefined);
  expect(queues[0]!.flow.enqueuedPerMinute).toEqual([
    ...unknown,
    2,
    10,
    10,
    10,
    ...[8 / 3, 8 / 3, 8 / 3],
  ]);
});

it.each([
  ['slower', 20, 14, 'slower', 'slower'],
  ['as ever', 20, 10, 'steady', 'steady'],
  ['faster', 20, 7, 'faster', 'faster'],
  ['slower, by few jobs', 4, 14, 'unknown', 'unknown'],
])('tells a task that is %s than its last day', (_, count, seconds, mean, p95) => {
  const recent = tries(count, seconds);
  const day = tries(200, 10);
  addFlow(day, recent);
  const [ocr] = systemFigures(systemSnapshot({ minutes: [recent], hours: [day] })).tasks;
  expect(ocr).toMatchObject({
    task: 'ocr',
    completed: count,
    meanDrift: mean,
    p95Drift: p95,
    now: { count },
    baseline: { count: 200 },
  });
  expect(ocr!.baseline.meanSeconds).toBeCloseTo(10, 0);
  expect(ocr!.cpuShare).toBeCloseTo(0.5, 1);
});
