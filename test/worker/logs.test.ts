import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../src/config/package-root.js';
import { documentKeys } from '../../src/documents/document-store.js';
import { FileStore } from '../../src/documents/file-store.js';
import { useRedis } from '../support/redis.js';
import { sampleBytes } from '../support/samples.js';
import { hasTerminal } from '../support/terminal.js';
import { WorkerSystem } from '../support/worker-system.js';

const redis = useRedis();

it('are JSON lines for machines, with what became of each job and nothing of what it read', async () => {
  const system = new WorkerSystem(redis, { jobs: { backoffSeconds: 0.05 } });
  const store = new FileStore(join(system.folder, '.dsw', 'documents'));
  await store.put(documentKeys.source('d1'), sampleBytes('reminder-slip.bmp'));
  const input = { documentId: 'd1', languages: 'eng' };
  const [read] = await system.queueSet.enqueue([
    { queue: 'high_priority', task: 'ocr', input, label: 'slip.bmp', attempts: 1 },
  ]);
  const failing = await system.add('fail', { reason: 'no toner' }, { attempts: 2 });
  const dsw = system.worker(['--concurrency', '1']);
  await system.settled();
  await dsw.says(/ocr \w+ done/);
  const { stderr } = await dsw.stop();
  const lines = stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  for (const line of lines) {
    expect(line).toMatchObject({ service: 'worker' });
    expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT/);
  }
  const of = (id: string) =>
    lines.filter(({ job, serviceSeconds }) => job === id && serviceSeconds !== undefined);
  expect(of(read!)).toMatchObject([
    {
      level: 'info',
      queue: 'high_priority',
      task: 'ocr',
      attempt: 1,
      serviceSeconds: expect.any(Number) as number,
    },
  ]);
  expect(of(failing)).toMatchObject([
    { level: 'warn', queue: 'default', task: 'fail', attempt: 1 },
    { level: 'error', queue: 'default', task: 'fail', attempt: 2 },
  ]);
  const truth = readFileSync(join(packageRoot(), 'samples', 'reminder-slip.txt'), 'utf8');
  const words = truth.match(/[A-Za-z]{7,}/g) ?? [];
  expect(words.length).toBeGreaterThan(3);
  for (const word of words) expect(stderr).not.toContain(word);
});

it.skipIf(!hasTerminal)('are sentences for people at a terminal', async () => {
  const system = new WorkerSystem(redis);
  await system.add('quick', {}, { label: 'letter.png' });
  const inside = ['sh', '-c', 'exec script -qec "exec $0 $*" /dev/null'];
  const dsw = system.worker(['--concurrency', '1'], redis.url, {}, inside);
  await dsw.says(/^\d\d:\d\d:\d\d worker-\w+ ready: 1 slots/m);
  await dsw.says(/^\d\d:\d\d:\d\d quick \w+ done in \d\.\d s/m);
  await expect.poll(async () => (await system.workers()).length).toBe(1);
  process.kill((await system.workers())[0]!.pid, 'SIGTERM');
  expect((await dsw.ended).code).toBe(0);
});
