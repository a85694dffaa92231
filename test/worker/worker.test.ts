import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { documentKeys } from '../../src/documents/document-store.js';
import { FileStore } from '../../src/documents/file-store.js';
import { QUEUE_NAMES, type QueueName } from '../../src/planning/queue-names.js';
import { readJob } from '../../src/queues/job-records.js';
import { Keyspace } from '../../src/queues/keyspace.js';
import { QueueSet } from '../../src/queues/queue-set.js';
import { SnapshotReader } from '../../src/queues/snapshot-reader.js';
import { startDsw, type DswProcess } from '../support/dsw-process.js';
import { temporaryFolder } from '../support/folder.js';
import { useRedis } from '../support/redis.js';
import { sampleBytes } from '../support/samples.js';

const redis = useRedis();

function system() {
  const prefix = redis.prefix();
  const folder = temporaryFolder();
  writeFileSync(`${folder}/dsw.yaml`, 'worker:\n  heartbeatSeconds: 0.1\n');
  const keyspace = new Keyspace(prefix);
  const queueSet = new QueueSet(redis.client, keyspace);
  const env = { REDIS_URL: redis.url, DSW_PREFIX: prefix, DSW_STORE: `file:${folder}/documents` };
  const store = new FileStore(`${folder}/documents`);
  return {
    keyspace,
    queueSet,
    store,
    worker: (...flags: string[]): DswProcess =>
      startDsw(['worker', ...flags], { cwd: folder, env }),
    async submit(queue: QueueName, bytes: Buffer): Promise<string> {
      const documentId = `d${Math.random()}`;
      await store.put(documentKeys.source(documentId), bytes);
      const [id] = await queueSet.enqueue([
        { queue, task: 'ocr', input: { documentId, languages: 'eng' }, label: queue, attempts: 2 },
      ]);
      return id!;
    },
  };
}

describe('dsw worker', () => {
  it('says what it serves, without the password, and drains on SIGTERM', async () => {
    const { worker, submit, queueSet, keyspace } = system();
    const id = await submit('default', sampleBytes('reminder-slip.bmp'));
    const waiting = await submit('low_priority', sampleBytes('referral-letter.png'));
    const dsw = worker('--concurrency', '1');
    const [line] = await dsw.says(/worker-\w+ ready: .*"/);
    expect(line).toContain(
      '1 slots, queues high_priority > default > low_priority > maintenance, redis://127.0.0.1:',
    );
    expect(line).not.toContain('@');
    await expect
      .poll(async () => (await readJob(queueSet, 'default', id))?.state, { timeout: 10_000 })
      .toBe('running');
    const { code } = await dsw.stop('SIGTERM');
    expect(code).toBe(0);
    expect(await readJob(queueSet, 'default', id)).toMatchObject({
      state: 'completed',
      attemptsMade: 1,
    });
    expect(await readJob(queueSet, 'low_priority', waiting)).toMatchObject({
      state: 'waiting',
      attemptsMade: 0,
    });
    expect((await new SnapshotReader(redis.client, keyspace).read()).workers).toEqual([]);
  });

  it('serves the queues strictly in order over one pool', async () => {
    const { worker, submit, queueSet } = system();
    const slip = sampleBytes('reminder-slip.bmp');
    const ids: [QueueName, string][] = [];
    for (const queue of [...QUEUE_NAMES].reverse()) {
      for (let i = 0; i < 2; i++) ids.push([queue, await submit(queue, slip)]);
    }
    worker('--concurrency', '2');
    const records = async () => Promise.all(ids.map(([queue, id]) => readJob(queueSet, queue, id)));
    await expect
      .poll(async () => (await records()).every((r) => r?.state === 'completed'), {
        timeout: 20_000,
      })
      .toBe(true);
    const started = (await records())
      .sort((a, b) => a!.startedAt! - b!.startedAt!)
      .map((r) => r!.queue);
    expect(started).toEqual(QUEUE_NAMES.flatMap((queue) => [queue, queue]));
  });

  it('takes a job that arrives while it is idle at once', async () => {
    const { worker, submit, queueSet } = system();
    await worker('--concurrency', '2').says(/ready/);
    const id = await submit('maintenance', sampleBytes('reminder-slip.bmp'));
    await expect
      .poll(async () => (await readJob(queueSet, 'maintenance', id))?.state, { timeout: 10_000 })
      .toBe('completed');
    const record = await readJob(queueSet, 'maintenance', id);
    expect(record!.startedAt! - record!.enqueuedAt).toBeLessThan(1000);
  });

  it('makes an unreadable document a dead letter at once, and goes on', async () => {
    const { worker, submit, queueSet } = system();
    const bad = await submit('high_priority', sampleBytes('reminder-slip.bmp').subarray(0, 2000));
    const good = await submit('default', sampleBytes('reminder-slip.bmp'));
    worker('--concurrency', '1');
    await expect
      .poll(async () => (await readJob(queueSet, 'default', good))?.state, { timeout: 15_000 })
      .toBe('completed');
    expect(await readJob(queueSet, 'high_priority', bad)).toMatchObject({
      state: 'dead',
      attemptsMade: 1,
      reason: 'the document: damaged BMP image: the file is cut off',
    });
  });

  it('serves only the queues it is told to', async () => {
    const { worker, submit, queueSet } = system();
    const other = await submit('high_priority', sampleBytes('reminder-slip.bmp'));
    const own = await submit('low_priority', sampleBytes('reminder-slip.bmp'));
    worker('--concurrency', '1', '--queues', 'low_priority,maintenance');
    await expect
      .poll(async () => (await readJob(queueSet, 'low_priority', own))?.state, { timeout: 15_000 })
      .toBe('completed');
    expect(await readJob(queueSet, 'high_priority', other)).toMatchObject({ state: 'waiting' });
  });

  it('shows itself and what it runs while it runs', async () => {
    const { worker, submit, keyspace } = system();
    await submit('default', sampleBytes('referral-letter.png'));
    worker('--concurrency', '3');
    const busy = async () =>
      (await new SnapshotReader(redis.client, keyspace).read()).workers.find((w) => w.busy > 0);
    await expect.poll(busy, { timeout: 15_000, interval: 50 }).toMatchObject({
      slots: 3,
      busy: 1,
      state: 'running',
      running: [{ queue: 'default', task: 'ocr', label: 'default' }],
    });
  });
});
