import { expect, it } from 'vitest';
import { addFlow, countTry, emptyFlow } from '../../src/planning/flow.js';

const tried = {
  queue: 'default' as const,
  task: 'ocr',
  waitSeconds: 1,
  serviceSeconds: 8,
  cpuSeconds: 2,
  completed: true,
};

it('counts tries by queue and task, and adds up over workers', () => {
  const [all, other] = [emptyFlow(0), emptyFlow(60_000)];
  countTry(all, tried);
  countTry(other, { ...tried, completed: false, waitSeconds: 3 });
  countTry(other, { ...tried, queue: 'maintenance', task: 'cleanup_old_files' });
  addFlow(all, other);
  expect(all.startsAt).toBe(0);
  expect(all.queues.get('default')).toMatchObject({
    completed: 1,
    failed: 1,
    wait: { count: 2, sumSeconds: 4 },
  });
  expect(all.tasks.get('ocr')).toMatchObject({
    completed: 1,
    failed: 1,
    cpuSeconds: 4,
    service: { count: 2, sumSeconds: 16 },
  });
  expect(all.queues.get('maintenance')?.completed).toBe(1);
  expect(other.tasks.get('ocr')?.service.count).toBe(1);
});
