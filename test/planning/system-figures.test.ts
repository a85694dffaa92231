import { expect, it } from 'vitest';
import { describeThroughput } from '../../src/planning/flow-figures.js';
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

it('judges utilization by the last minutes, unless it is higher now and a queue builds up', () => {
  // A job of two minutes ended a minute ago: half a slot of one was busy, roughly.
  const flow = minutes((minute, i) => {
    counted(minute, 0, 0);
    if (i === 13) {
      const tried = { queue: 'default' as const, task: 'ocr', waitSeconds: 0, cpuSeconds: 0 };
      countTry(minute, { ...tried, serviceSeconds: 120, completed: true });
    }
  });
  const bandWith = (waiting: number, oldestWaitSeconds = 1, paused = false) =>
    systemFigures(
      systemSnapshot({
        at,
        minutes: flow,
        queues: [queueSnapshot({ waiting, oldestWaitSeconds, paused })],
        workers: [workerSnapshot({ slots: 1, busy: 1 })],
      }),
    ).capacity;
  expect(bandWith(0)).toMatchObject({ utilization: 1, band: { name: 'over-provisioned' } });
  expect(bandWith(0).lately).toBeCloseTo(120 / 330, 1);
  expect(bandWith(1)).toMatchObject({ band: { name: 'over-provisioned' } });
  expect(bandWith(1, 11)).toMatchObject({ band: { name: 'at capacity' } });
  expect(bandWith(2)).toMatchObject({ band: { name: 'at capacity' } });
  expect(bandWith(2, 11, true)).toMatchObject({ band: { name: 'over-provisioned' } });
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

it('tells counts of the first minute, and rates from then on, both over the same time', () => {
  const seen = (seconds: number) => {
    const minute = emptyFlow(0);
    minute.since = 20_000;
    counted(minute, 4, 0);
    addFlow(minute, tries(3, 1));
    const queues = [queueSnapshot({ enqueuedTotal: 4 })];
    return systemFigures(systemSnapshot({ at: 20_000 + seconds * 1000, queues, minutes: [minute] }))
      .flow;
  };
  expect(describeThroughput(seen(12))).toBe('in 4  done 3  in the first 12s');
  expect(seen(12)).toMatchObject({ inPerHour: undefined, outPerHour: undefined });
  expect(describeThroughput(seen(120))).toBe('in 120/h  done 90/h');
});

it.each([
  ['what its queue says', 3, [2, 4], 1],
  ['all it said', 9, [2, 4], 4],
  ['nothing once it runs elsewhere', 2, [2, 4], 0],
])('counts as stalled of a lost worker’s jobs %s', (_, inQueues, [live = 0, lost = 0], stalled) => {
  const job = { id: 'j1', queue: 'default', task: 'ocr', startedAt: 0 } as const;
  const running = (count: number) =>
    Array.from({ length: count }, () => ({ ...job, label: undefined, progress: undefined }));
  const workers = [
    workerSnapshot({ running: running(live) }),
    workerSnapshot({ state: 'lost', running: running(lost) }),
  ];
  const snapshot = systemSnapshot({ workers, queues: [queueSnapshot({ running: inQueues })] });
  expect(systemFigures(snapshot)).toMatchObject({ running: inQueues, stalled });
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
