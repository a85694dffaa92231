import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { settingsSchema } from '../../src/config/settings.js';
import { ALERT_METRICS } from '../../src/planning/alert-metrics.js';
import { describeAlert, formatMetric } from '../../src/planning/alert-message.js';
import { BUILT_IN_ALERTS, evaluateAlerts, type AlertMemory } from '../../src/planning/alerts.js';
import type { SystemSnapshot } from '../../src/planning/snapshot.js';
import { systemFigures } from '../../src/planning/system-figures.js';
import { queueSnapshot, systemSnapshot, workerSnapshot } from '../support/snapshots.js';

/** Looks at a system again and again, as a watcher does. */
class Watch {
  #memories = new Map<string, AlertMemory>();

  look(seconds: number, values: Partial<SystemSnapshot>, expectedWorkers = 1) {
    const snapshot = systemSnapshot({ workers: [workerSnapshot()], ...values, at: seconds * 1000 });
    const subject = { snapshot, figures: systemFigures(snapshot), expectedWorkers };
    const states = evaluateAlerts(BUILT_IN_ALERTS, subject, this.#memories);
    this.#memories = new Map(states.map(({ rule, memory }) => [rule.name, memory]));
    return states.filter(({ change }) => change !== undefined);
  }
}

const waiting = (count: number) => ({
  queues: [queueSnapshot({ name: 'high_priority', waiting: count })],
});

it('fires once after a while, holds between the two lines, and resolves once', () => {
  const watch = new Watch();
  expect(watch.look(0, waiting(11))).toEqual([]);
  expect(watch.look(20, waiting(10))).toEqual([]);
  expect(watch.look(30, waiting(12))).toEqual([]);
  expect(watch.look(59, waiting(12))).toEqual([]);
  const [fired, ...others] = watch.look(60, waiting(12));
  expect(others).toEqual([]);
  expect(describeAlert(fired!)).toBe(
    'high_queue_backlog: waiting.high_priority is 12, above 10 for 30s: scale up replicas: start one more: dsw worker; or set the replicas to 2 where your platform starts them',
  );
  expect(watch.look(90, waiting(20))).toEqual([]);
  for (const at of [100, 140, 200]) expect(watch.look(at, waiting(8))).toEqual([]);
  expect(watch.look(210, waiting(5))).toEqual([]);
  const [resolved] = watch.look(240, waiting(0));
  expect(resolved?.change).toBe('resolved');
  expect(describeAlert(resolved!)).toBe(
    'high_queue_backlog resolved: waiting.high_priority is 0, it fired for 3m30s',
  );
  expect(watch.look(300, waiting(0))).toEqual([]);
});

it('asks for no replica where the queue is paused, and tells small shares apart', () => {
  const [paused] = waiting(11).queues;
  const watch = new Watch();
  const state = { queues: [{ ...paused!, paused: true }] };
  watch.look(0, state);
  expect(watch.look(30, state).map(describeAlert)[0]).toMatch(
    /for 30s: it is paused: dsw queue resume high_priority$/,
  );
  expect([0.004, 0.05, 0.099, 0.25].map((share) => formatMetric('memoryShare', share))).toEqual([
    '0.4 %',
    '5 %',
    '9.9 %',
    '25 %',
  ]);
});

it('tells of missing workers and of memory, with what to do', () => {
  const watch = new Watch();
  const supervisor = { id: 's1', host: 'host-1', pid: 1, startedAt: 0, replicas: 2 };
  const state = {
    workers: [
      workerSnapshot({ memoryMb: 900, memoryLimitMb: 1000 }),
      workerSnapshot({ id: 'worker-c3d4', state: 'lost' }),
    ],
    supervisors: [supervisor],
  };
  watch.look(0, state, 3);
  expect(watch.look(15, state, 3).map(describeAlert)).toEqual([
    'worker_crash: missingWorkers is 2, above 0 for 15s: alert operations: look at the logs of worker-c3d4 on host-1, start as many again',
  ]);
  expect(watch.look(30, state, 3).map(describeAlert)).toEqual([
    'memory_pressure: memoryShare is 90 %, above 80 % for 30s: fewer slots: dsw worker resize 3 worker-a1b2; or scale up: dsw worker scale 3',
  ]);
});

it('is documented as it is: rules, metrics, and an example that may stand in dsw.yaml', () => {
  const docs = readFileSync('docs/watch.md', 'utf8');
  for (const name of [...BUILT_IN_ALERTS.map((rule) => rule.name), ...ALERT_METRICS])
    expect(docs).toContain(`\`${name}\``);
  const example = /```yaml\n(alerts:\n.*?)```/s.exec(docs)?.[1] ?? '';
  expect(settingsSchema.parse(parse(example)).alerts.rules).toMatchObject([
    { name: 'stale_documents', metric: 'oldestWaitSeconds', value: 3600, clearValue: 1800 },
  ]);
  const odd = { name: 'odd', metric: 'dead', comparison: 'above', value: 3, clearValue: 4 };
  expect(settingsSchema.safeParse({ alerts: { rules: [odd] } }).error?.issues).toMatchObject([
    {
      path: ['alerts', 'rules', 0, 'clearValue'],
      message: expect.stringMatching(/^at most value/) as string,
    },
  ]);
});
