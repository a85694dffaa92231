import { settingsSchema } from '../../src/config/settings.js';
import { textOf, type Line } from '../../src/top/line.js';
import { afterEvent, initialState, type TopState } from '../../src/top/state.js';
import type { ListedJob, RunningJob, SystemSnapshot } from '../../src/planning/snapshot.js';
import { emptyFlow, countTry, queueFlowOf } from '../../src/planning/flow.js';
import { queueSnapshot, systemSnapshot, workerSnapshot } from './snapshots.js';

/** States of the live screen, for tests. The clock stands at the first hour of the epoch. */

export const NOW = 3_600_000;

const settings = settingsSchema.parse({});
const head = {
  title: 'dsw top',
  address: 'redis://10.0.0.4:6379',
  standards: { settings, expected: { workers: undefined, slots: undefined, plan: undefined } },
};

export function emptyState(): TopState {
  return initialState(head, NOW);
}

export function stateOf(snapshot: SystemSnapshot): TopState {
  return afterEvent(emptyState(), { kind: 'snapshot', snapshot, now: NOW });
}

export function listedJob(values: Partial<ListedJob>): ListedJob {
  return {
    id: 'j1',
    queue: 'default',
    task: 'ocr',
    label: 'discharge-88.png',
    enqueuedAt: NOW - 120_000,
    startedAt: NOW - 70_000,
    finishedAt: NOW - 60_000,
    dueAt: undefined,
    attemptsMade: 3,
    reason: undefined,
    ...values,
  };
}

function runningJob(values: Partial<RunningJob>): RunningJob {
  return {
    id: 'j9',
    queue: 'default',
    task: 'ocr',
    label: 'intake-0412 with a very long name, and more.pdf',
    startedAt: NOW - 60_000,
    progress: 'page 3/7',
    ...values,
  };
}

/** A busy system: two workers, one lost, some waiting, three dead letters, a quarter of an hour of flow. */
export function busySnapshot(values: Partial<SystemSnapshot> = {}): SystemSnapshot {
  const minutes = Array.from({ length: 15 }, (_, i) => {
    const minute = emptyFlow(NOW - (14 - i) * 60_000 - 30_000);
    const flow = queueFlowOf(minute, 'default');
    flow.enqueuedBefore = 10 * i;
    flow.enqueuedTotal = 10 * (i + 1);
    flow.waiting = i;
    countTry(minute, {
      queue: 'default',
      task: 'ocr',
      waitSeconds: 4,
      serviceSeconds: 70,
      cpuSeconds: 60,
      completed: i > 0,
    });
    return minute;
  });
  return systemSnapshot({
    at: NOW,
    queues: [
      queueSnapshot({ name: 'high_priority', running: 2, done: 9 }),
      queueSnapshot({
        waiting: 12,
        delayed: 1,
        dead: 3,
        done: 4,
        oldestWaitSeconds: 64,
        enqueuedTotal: 150,
      }),
      queueSnapshot({ name: 'low_priority', paused: true }),
      queueSnapshot({ name: 'maintenance' }),
    ],
    workers: [
      workerSnapshot({ busy: 2, completed: 7, running: [runningJob({})] }),
      workerSnapshot({ id: 'worker-c3d4', busy: 4, failed: 1, memoryMb: 7300.123 }),
      workerSnapshot({ id: 'worker-e5f6', state: 'lost', busy: 1, silentSeconds: 34 }),
    ],
    jobs: {
      waiting: [listedJob({ id: 'jw', finishedAt: undefined })],
      split: [],
      delayed: [],
      done: [listedJob({ id: 'jc' })],
      dead: ['ja', 'jb', 'jd'].map((id, i) =>
        listedJob({ id, label: `letter-${i}.png`, reason: 'page 3 is upside down' }),
      ),
    },
    minutes,
    hours: minutes,
    ...values,
  });
}

/** Lines as they appear, without tones. */
export function textsOf(lines: readonly Line[]): string[] {
  return lines.map((line) => textOf(line).trimEnd());
}
