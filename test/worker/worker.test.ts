import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentKeys } from '../../src/documents/document-store.js';
import { FileStore } from '../../src/documents/file-store.js';
import { QUEUE_NAMES } from '../../src/planning/queue-names.js';
import { useRedis } from '../support/redis.js';
import { sampleBytes } from '../support/samples.js';
import { WorkerSystem } from '../support/worker-system.js';

const redis = useRedis();

describe('dsw worker', () => {
  it('says what it serves, without the password, and takes a job that comes while it is idle', async () => {
    const system = new WorkerSystem(redis);
    const dsw = system.worker(['--concurrency', '1']);
    const [line] = await dsw.says(/worker-\w+ ready: .*"/);
    expect(line).toContain(
      '1 slots, queues high_priority > default > low_priority > maintenance, redis://127.0.0.1:',
    );
    expect(line).not.toContain('@');
    const id = await system.add('quick', {}, { queue: 'maintenance' });
    expect(await system.settled()).toEqual({ completed: 1 });
    const { startedAt, enqueuedAt } = await system.record(id);
    expect(startedAt! - enqueuedAt).toBeLessThan(3000);
    expect((await dsw.stop()).code).toBe(0);
  });

  it('runs what older versions of dsw enqueued, and says what to do about a newer one', async () => {
    const system = new WorkerSystem(redis);
    const queue = system.queueSet.of('default');
    const log = join(system.folder, 'runs.log');
    // Before there were deaths, ready times and attempts of a task's own in a record.
    const old = [
      { version: 0, input: { log, ms: 1 } },
      { version: 1, input: { log, ms: 1 }, label: 'a.png', gone: 'since' },
    ];
    const ids = await Promise.all(
      [...old, { version: 2, input: { log } }].map(
        async (data) => (await queue.add('nap', data)).id!,
      ),
    );
    const later = await queue.add('flaky', old[0], { delay: 50, attempts: 2, priority: 3 });
    const dsw = system.worker(['--concurrency', '2']);
    await expect.poll(() => queue.getCompletedCount(), { interval: 20 }).toBe(3);
    await expect.poll(() => queue.getFailedCount(), { interval: 20 }).toBe(1);
    const runs = system.runs().map(({ task, attempt }) => `${task} ${attempt}`);
    expect(runs.sort()).toEqual(['flaky 1', 'flaky 2', 'flaky 3', 'nap 1', 'nap 1']);
    expect(await queue.getJob(later.id!)).toMatchObject({ returnvalue: { attempt: 3 } });
    expect(await system.record(ids[2]!)).toMatchObject({
      state: 'dead',
      attemptsMade: 1,
      reason: expect.stringContaining('payload of version 1 or older, got 2') as string,
    });
    expect((await dsw.stop()).code).toBe(0);
  });

  it('serves the queues strictly in order over one pool', async () => {
    const system = new WorkerSystem(redis);
    for (const queue of [...QUEUE_NAMES].reverse())
      await system.addMany(2, 'nap', { ms: 50 }, queue);
    system.worker(['--concurrency', '2']);
    expect(await system.settled()).toEqual({ completed: 8 });
    const records = await Promise.all(system.runs().map(({ id }) => system.record(id)));
    records.sort((a, b) => a.startedAt! - b.startedAt!);
    expect(records.map(({ queue }) => queue)).toEqual(
      QUEUE_NAMES.flatMap((queue) => [queue, queue]),
    );
  });

  it('makes an unreadable document a dead letter at once, and reads the next', async () => {
    const system = new WorkerSystem(redis);
    const store = new FileStore(join(system.folder, '.dsw', 'documents'));
    const slip = sampleBytes('reminder-slip.bmp');
    await store.put(documentKeys.source('bad'), slip.subarray(0, 2000));
    await store.put(documentKeys.source('good'), slip);
    const ocr = (documentId: string) => ({
      queue: 'default' as const,
      task: 'ocr',
      input: { documentId, languages: 'eng' },
      attempts: 2,
    });
    const [bad, good] = await system.queueSet.enqueue([ocr('bad'), ocr('good')]);
    system.worker(['--concurrency', '1']);
    await expect.poll(async () => (await system.record(good!)).state).toBe('done');
    expect(await system.record(bad!)).toMatchObject({
      state: 'dead',
      attemptsMade: 1,
      reason: 'the document: damaged BMP image: the file is cut off',
    });
  });

  it('serves only the queues it is told to', async () => {
    const system = new WorkerSystem(redis);
    const other = await system.add('quick', {}, { queue: 'high_priority' });
    const own = await system.add('quick', {}, { queue: 'low_priority' });
    system.worker(['--concurrency', '1', '--queues', 'low_priority,maintenance']);
    await expect.poll(async () => (await system.record(own)).state).toBe('done');
    expect(await system.record(other)).toMatchObject({ state: 'waiting' });
    expect(system.runs()).toHaveLength(1);
  });

  it('shows itself and what it runs while it runs', async () => {
    const system = new WorkerSystem(redis);
    await system.add('nap', { ms: 60_000 }, { label: 'letter.png' });
    system.worker(['--concurrency', '3']);
    await expect
      .poll(async () => (await system.workers())[0], { interval: 50 })
      .toMatchObject({
        slots: 3,
        busy: 1,
        state: 'running',
        running: [{ queue: 'default', task: 'nap', label: 'letter.png' }],
      });
  });
});
