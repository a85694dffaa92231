import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createClient, verifyWebhook, type Client } from '../../src/client/index.js';
import { packageRoot } from '../../src/config/package-root.js';
import { FileStore } from '../../src/documents/file-store.js';
import { JobInspector } from '../../src/queues/job-inspector.js';
import { Keyspace } from '../../src/queues/keyspace.js';
import { QueueSet } from '../../src/queues/queue-set.js';
import { removeUnreferenced } from '../../src/tasks/unreferenced-documents.js';
import { runDsw, startDsw } from '../support/dsw-process.js';
import { temporaryFolder } from '../support/folder.js';
import { startHttpServer } from '../support/http-server.js';
import { useRedis } from '../support/redis.js';
import { sampleBytes } from '../support/samples.js';

const redis = useRedis();
const slip = sampleBytes('reminder-slip.bmp');

function system() {
  const folder = temporaryFolder();
  const prefix = redis.prefix();
  const store = new FileStore(`${folder}/.dsw/documents`);
  const open = (): Client => {
    const url = `file:${folder}/.dsw/documents`;
    const client = createClient({ redisUrl: redis.url, prefix, store: url });
    onTestFinished(() => client.close());
    return client;
  };
  const env = { REDIS_URL: redis.url, DSW_PREFIX: prefix, DSW_WEBHOOK_SECRET: 'sesame' };
  const options = { cwd: folder, env };
  return { folder, prefix, store, open, options };
}

async function idsIn(store: FileStore): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of store.documents()) ids.push(id);
  return ids.sort();
}

describe('createClient', () => {
  it('makes one job of what is submitted under one key, also by clients that race', async () => {
    const { store, open } = system();
    const [a, b] = [open(), open()];
    const key = 'invoice 7';
    const submissions = await Promise.all([
      a.submit(slip, { key }),
      b.submit(slip, { key }),
      a.submit(Readable.from([slip.subarray(0, 500), slip.subarray(500)]), { key }),
    ]);
    expect(new Set(submissions.map(({ jobId }) => jobId)).size).toBe(1);
    expect(await idsIn(store)).toEqual([submissions[0].documentId]);
    expect(await a.submit(slip, { key: 'another' })).not.toMatchObject({
      jobId: submissions[0].jobId,
    });
    const elsewhere = await a.submit(slip, { key, queue: 'high_priority', delaySeconds: 60 });
    expect(elsewhere).toMatchObject({ jobId: submissions[0].jobId, queue: 'default' });
    expect(await idsIn(store)).toHaveLength(2);
  });

  it('calls what is wrong by the name that its caller gave it', async () => {
    const client = createClient({ redisUrl: 'localhost:6379' });
    await expect(client.status('j1')).rejects.toThrow(
      'createClient: redisUrl: expected a redis:// or rediss:// address, got "localhost:6379"',
    );
  });

  it('delays, tells the state, cancels', async () => {
    const client = system().open();
    const { jobId } = await client.submit(slip, { delaySeconds: 3600, queue: 'low_priority' });
    expect(await client.status(jobId)).toMatchObject({ state: 'delayed', queue: 'low_priority' });
    await expect(client.result(jobId)).rejects.toThrow(`no result: job ${jobId} is delayed`);
    expect(await client.cancel(jobId)).toBe(true);
    expect(await client.wait(jobId)).toMatchObject({ state: 'dead', reason: 'cancelled' });
    expect(await client.status('j-none')).toBeUndefined();
  });
});

describe('a webhook', () => {
  it('tells how a job ended: signed, again until it is heard, once it was not', async () => {
    const { folder, options, open, prefix } = system();
    const busy = 2;
    const server = await startHttpServer((_request, nth) => ({ status: nth <= busy ? 503 : 200 }));
    writeFileSync(
      `${folder}/dsw.yaml`,
      'webhooks: { backoffSeconds: 0.1 }\nworker: { warmTasks: [] }',
    );
    const client = open();
    const webhook = `${server.url}/done`;
    const dead = await client.submit(slip, { languages: 'xyz', webhook });
    const cancelled = await client.submit(slip, { delaySeconds: 60, webhook });
    await client.submit(slip, { delaySeconds: 60 }).then(({ jobId }) => client.cancel(jobId));
    expect(await client.cancel(cancelled.jobId)).toBe(true);
    startDsw(['worker', '--concurrency', '1'], options);
    await expect.poll(() => server.requests.length, { timeout: 30_000 }).toBe(2 + busy);
    const outbox = new Keyspace(prefix).queue('default', 'dsw-outbox');
    await expect.poll(() => redis.client.zcard(outbox)).toBe(0);
    const heard = server.requests.slice(busy);
    expect(heard.map(({ body }) => body)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          type: 'job.dead',
          data: expect.objectContaining({
            jobId: dead.jobId,
            documentId: dead.documentId,
            task: 'ocr',
            state: 'dead',
            reason: expect.stringContaining('no data for language "xyz"') as string,
          }) as object,
        }),
        expect.objectContaining({
          data: expect.objectContaining({ jobId: cancelled.jobId, reason: 'cancelled' }) as object,
        }),
      ]),
    );
    for (const { headers, body, path } of heard) {
      expect(path).toBe('/done');
      const text = JSON.stringify(body);
      expect(verifyWebhook(text, headers, 'sesame')).toBe(true);
      expect(verifyWebhook(`${text} `, headers, 'sesame')).toBe(false);
      expect(verifyWebhook(text, headers, 'another')).toBe(false);
      expect(verifyWebhook(text, headers, 'sesame', Date.now() + 600_000)).toBe(false);
    }
    const ids = server.requests.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(2);
  }, 60_000);
});

describe('results and forget', () => {
  it('read what became of a document, then erase it and show that nothing is left', async () => {
    const { folder, options, open, store } = system();
    const tasks = join(packageRoot(), 'test', 'fixtures', 'tasks.mjs');
    writeFileSync(`${folder}/dsw.yaml`, `tasks: ${tasks}\nworker: { heartbeatSeconds: 0.2 }`);
    startDsw(['worker', '--concurrency', '1'], options);
    const client = open();
    const { jobId, documentId } = await client.submit(slip, { name: 'slip.bmp' });
    await client.wait(jobId, { timeoutSeconds: 60 });
    expect((await client.result(jobId)).text).toContain('Vaccination Reminder');
    const results = await runDsw(['results', jobId], options);
    expect(results.stdout).toContain('Vaccination Reminder');
    expect((await runDsw(['results', jobId, '--format', 'pdf'], options)).code).toBe(1);
    const asked = await runDsw(['forget', jobId], options);
    expect(asked).toMatchObject({ code: 2 });
    const { code, stdout } = await runDsw(['forget', documentId, '--yes', '--json'], options);
    expect(code).toBe(0);
    const forgotten = JSON.parse(stdout) as { erased: object; left: object };
    expect(forgotten).toMatchObject({
      jobIds: [jobId],
      erased: { objects: 3, jobs: 1 },
      left: { objects: 0, bytes: 0, jobs: 0, events: 0 },
    });
    expect(await client.status(jobId)).toBeUndefined();
    expect(await idsIn(store)).toEqual([]);
    expect((await runDsw(['forget', documentId, '--yes'], options)).code).toBe(1);
    // A running one is ended first, even when it does not heed that it is cancelled.
    const log = join(folder, 'runs.log');
    const own = { task: 'held', input: { log }, webhook: 'http://127.0.0.1:9/' };
    const running = await client.submit(Buffer.from('what own tasks can read'), own);
    // The task itself says that it runs.
    const runs = () => (existsSync(log) ? readFileSync(log, 'utf8') : '');
    await expect.poll(runs, { timeout: 20_000 }).toContain(`held ${running.jobId} 1 `);
    const ended = await runDsw(['forget', running.jobId, '--yes', '--json'], options);
    expect(ended).toMatchObject({ code: 0 });
    expect(JSON.parse(ended.stdout)).toMatchObject({
      jobIds: [running.jobId],
      erased: { objects: 1, jobs: 1 },
      left: { objects: 0, bytes: 0, jobs: 0, events: 0 },
    });
    expect(await idsIn(store)).toEqual([]);
    const traces = await redis.client.keys(`*${running.jobId}*`);
    expect(traces).toEqual([]);
  }, 120_000);
});

describe('cleanup', () => {
  it('never touches what a job needs, wherever a submit falls into it', async () => {
    const { prefix, store, open } = system();
    const client = open();
    const keyspace = new Keyspace(prefix);
    const inspector = new JobInspector(redis.client, keyspace);
    const queueSet = new QueueSet(redis.client, keyspace);
    await store.put('dorphan/source', Buffer.from('12345'));
    const old = await client.submit(slip);
    const cutoff = Date.now() + 1;
    await expect.poll(() => Date.now()).toBeGreaterThan(cutoff + 50);
    // While documents are listed, and while jobs are read: a submit, and a job that moves on.
    const jobs = {
      announceRemoval: (ids: readonly string[]) => inspector.announceRemoval(ids),
      keep: (ids: readonly string[]) => inspector.keep(ids),
      async *references(which: 'unfinished' | 'all') {
        await client.submit(slip);
        await (await queueSet.of('default').getJob(old.jobId))!.changePriority({ priority: 5 });
        yield* inspector.references(which);
      },
    };
    const removed = await removeUnreferenced(store, jobs, cutoff);
    expect(removed).toEqual({ documentsRemoved: 1, bytesRemoved: 5 });
    const kept = await idsIn(store);
    expect(kept).toHaveLength(2);
    expect(kept).toContain(old.documentId);
    // A submit that stored its document long before: it hears that it is gone, others go on.
    const late = { queue: 'default', task: 'ocr', attempts: 1 } as const;
    const about = (documentId: string) => queueSet.enqueue([{ ...late, input: { documentId } }]);
    await expect(about('dorphan')).rejects.toThrow('document dorphan was removed before its job');
    expect(await about(old.documentId)).toHaveLength(1);
    // Its id is forgotten as well, a day later.
    expect(await redis.client.pttl(keyspace.removals)).toBeGreaterThan(86_000_000);
    expect(await redis.client.pttl(keyspace.removals)).toBeLessThanOrEqual(86_400_000);
  });

  it('fails waiting jobs whose document is gone, and spares those of another store', async () => {
    const { prefix, options, open, store } = system();
    const client = open();
    const gone = await client.submit(slip, { delaySeconds: 3600 });
    const kept = await client.submit(slip, { delaySeconds: 3600 });
    const elsewhere = createClient({
      redisUrl: redis.url,
      prefix,
      store: `file:${temporaryFolder()}`,
    });
    const other = await elsewhere.submit(slip, { delaySeconds: 3600 });
    await elsewhere.close();
    await store.remove(`${gone.documentId}/`);
    const queueSet = new QueueSet(redis.client, new Keyspace(prefix));
    const task = { queue: 'maintenance' as const, task: 'cleanup_orphaned_jobs', input: {} };
    const [id] = await queueSet.enqueue([{ ...task, attempts: 1 }]);
    startDsw(['worker', '--concurrency', '1'], options);
    const done = await client.wait(id!, { timeoutSeconds: 60 });
    expect(done.result).toMatchObject({ jobsFailed: 1, documentsRemoved: 0 });
    expect(await client.status(gone.jobId)).toMatchObject({ state: 'dead' });
    expect(await client.status(kept.jobId)).toMatchObject({ state: 'delayed' });
    expect(await client.status(other.jobId)).toMatchObject({ state: 'delayed' });
  }, 120_000);
});
