import { EventEmitter } from 'node:events';
import { render } from 'ink';
import { describe, expect, it } from 'vitest';
import type { SystemSnapshot, WorkerSnapshot } from '../../src/planning/snapshot.js';
import { Dashboard } from '../../src/top/dashboard.js';
import { queueSnapshot, systemSnapshot, workerSnapshot } from '../support/snapshots.js';
import { formatSeconds } from '../../src/planning/readable.js';
import { slotBar } from '../../src/top/format.js';

const worker = (values: Partial<WorkerSnapshot>): WorkerSnapshot =>
  workerSnapshot({ busy: 2, completed: 7, ...values });

const snapshot = (workers: WorkerSnapshot[]): SystemSnapshot =>
  systemSnapshot({
    queues: [
      queueSnapshot({ name: 'high_priority', active: 2, completed: 9 }),
      queueSnapshot({ waiting: 12, delayed: 1, dead: 3, completed: 4, oldestWaitSeconds: 64 }),
    ],
    workers,
  });

/** What the dashboard looks like on a screen of 80 columns, without colours. */
function draw(state: SystemSnapshot): string {
  const screen = Object.assign(new EventEmitter(), {
    columns: 80,
    rows: 24,
    write: (text: string) => (frame = text),
  });
  let frame = '';
  const app = render(<Dashboard snapshot={state} width={80} />, {
    stdout: screen as never,
    debug: true,
  });
  app.unmount();
  return frame.replaceAll(/\u001b\[[\d;]*m/g, '');
}

describe('Dashboard', () => {
  it('shows capacity, queues, workers with their slots, and running jobs within 80 columns', () => {
    const running = [
      {
        id: 'j1',
        queue: 'default' as const,
        task: 'ocr',
        label: 'intake-0412 with a very long name.pdf',
        startedAt: 3_540_000,
        progress: 'page 3/7',
      },
    ];
    const frame = draw(
      snapshot([worker({ running }), worker({ id: 'worker-c3d4', busy: 4, failed: 1 })]),
    );
    expect(frame).toMatch(/slots \[█+░+\] 6\/8 {2}75 % {2}good: room for a burst/);
    expect(frame).toMatch(/beat {2}beat-7f2c/);
    expect(frame).toMatch(/default +12 +0 +1 +3 +1m04s/);
    expect(frame).toMatch(/high_priority +0 +2 +0 +0 +–/);
    expect(frame).toMatch(/worker-a1b2 +\[██░░\] 2\/4 50 %/);
    expect(frame).toMatch(/worker-c3d4 +\[████\] 4\/4 100 % .*1 failed/);
    expect(frame).toMatch(/ocr +intake-0412 with a very l… {2}page 3\/7 +1m00s {2}worker-a1b2/);
    for (const line of frame.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it('leaves a lost worker out of the capacity but shows it', () => {
    const frame = draw(
      snapshot([worker({ busy: 4 }), worker({ id: 'worker-dead', state: 'lost' })]),
    );
    expect(frame).toMatch(/4\/4 {2}100 % {2}at capacity/);
    expect(frame).toMatch(/worker-dead .*lost/);
  });

  it('says what to type when nothing runs', () => {
    expect(draw(snapshot([]))).toContain('no worker runs; start one: dsw worker --concurrency 4');
  });
});

describe('format', () => {
  it('draws a cell for each slot, and a bar when there are too many', () => {
    expect(slotBar(2, 4)).toBe('[██░░]');
    expect(slotBar(0, 3)).toBe('[░░░]');
    expect(slotBar(32, 64)).toBe(`[${'█'.repeat(8)}${'░'.repeat(8)}]`);
  });

  it('writes durations in their largest units', () => {
    expect([0, 0.04, 1.26, 5, 9.99, 64, 7800, 273_600].map(formatSeconds)).toEqual([
      '0s',
      '40ms',
      '1.3s',
      '5s',
      '10s',
      '1m04s',
      '2h10m',
      '3d04h',
    ]);
  });
});
