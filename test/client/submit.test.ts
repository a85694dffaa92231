import { readdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { connectRedis } from '../../src/queues/connection.js';
import { Keyspace } from '../../src/queues/keyspace.js';
import { QueueSet } from '../../src/queues/queue-set.js';
import { runDsw, startDsw } from '../support/dsw-process.js';
import { temporaryFolder } from '../support/folder.js';
import { startHttpServer } from '../support/http-server.js';
import { useRedis } from '../support/redis.js';
import { sampleBytes } from '../support/samples.js';

const redis = useRedis();

function project() {
  const cwd = temporaryFolder();
  const prefix = redis.prefix();
  writeFileSync(`${cwd}/slip.bmp`, sampleBytes('reminder-slip.bmp'));
  writeFileSync(`${cwd}/cut.png`, sampleBytes('lab-report.png').subarray(0, 9000));
  writeFileSync(`${cwd}/empty.png`, '');
  const options = { cwd, env: { REDIS_URL: redis.url, DSW_PREFIX: prefix } };
  const counts = async () =>
    new QueueSet(redis.client, new Keyspace(prefix)).of('default').getJobCounts();
  return {
    cwd,
    options,
    counts,
    submit: (...args: string[]) => runDsw(['submit', ...args], options),
  };
}

describe('dsw submit', () => {
  it('prints the job of each document', async () => {
    const { submit, counts } = project();
    const { code, stdout } = await submit('slip.bmp', 'slip.bmp');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^j\w{20} {2}slip\.bmp\nj\w{20} {2}slip\.bmp\n$/);
    expect(await counts()).toMatchObject({ waiting: 2 });
  });

  it('--wait --json gives the results, and the translation that was asked for', async () => {
    const { submit, options, cwd } = project();
    const server = await startHttpServer(({ path, body }) =>
      path === '/languages'
        ? { body: [{ code: 'en', name: 'English', targets: ['es'] }] }
        : { body: { translatedText: (body as { q: string[] }).q.map((text) => `¡${text}!`) } },
    );
    writeFileSync(`${cwd}/dsw.yaml`, `translation: { libreTranslateUrl: '${server.url}' }`);
    startDsw(['worker', '--concurrency', '1'], options);
    const flags = ['--queue', 'high_priority', '--translate', 'es', '--wait', '--json'];
    const { code, stdout, stderr } = await submit('slip.bmp', ...flags);
    expect(code).toBe(0);
    expect(stderr).toContain('slip.bmp: done');
    const [report] = JSON.parse(stdout) as { jobId: string }[];
    expect(stderr).toMatch(`slip.bmp: sent as ${report!.jobId}\n`);
    expect(report).toMatchObject({
      document: 'slip.bmp',
      queue: 'high_priority',
      state: 'done',
      pages: 1,
      firstLine: 'Vaccination Reminder',
      translation: { engine: 'libretranslate', to: 'es', firstLine: '¡Vaccination Reminder!' },
    });
    const results = ['results', report!.jobId, '--format', 'translation'];
    expect((await runDsw(results, options)).stdout).toMatch(/^¡Vaccination Reminder!\n/);
  });

  it.each([
    ['cut.png', 'cut.png: damaged PNG image: the file is cut off'],
    ['empty.png', 'empty.png: the file is empty'],
    ['gone.png', 'gone.png: no such file'],
  ])('refuses %s in one line and enqueues nothing of the call', async (file, reason) => {
    const { submit, counts } = project();
    const { code, stdout, stderr } = await submit('slip.bmp', file);
    expect(code).toBeGreaterThan(0);
    expect(stdout).toBe('');
    expect(stderr).toContain(reason);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(await counts()).toMatchObject({ waiting: 0 });
  });

  it('keeps nothing in the store of what a full queue refuses', async () => {
    const { submit, counts, cwd } = project();
    const { code, stderr } = await submit('slip.bmp', 'slip.bmp', '--max-waiting', '1');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^dsw: queue default is full: 0 jobs wait, 1 may\n/);
    expect(await counts()).toMatchObject({ waiting: 0 });
    const left = readdirSync(`${cwd}/.dsw/documents`, { recursive: true });
    expect(left.filter((name) => String(name).includes('source'))).toEqual([]);
  });

  it('exits 1 when a document failed', async () => {
    const { submit, options } = project();
    startDsw(['worker', '--concurrency', '1'], options);
    const { code, stdout } = await submit('slip.bmp', '--lang', 'xyz', '--wait');
    expect(code).toBe(1);
    expect(stdout).toContain('slip.bmp: FAILED: no data for language "xyz"');
  });

  it('does not take database 0 for one that Redis has not', async () => {
    const wrong = connectRedis(`${redis.url}/9999`, { name: 'test', manner: 'brisk' });
    await expect(wrong).rejects.toMatchObject({
      message: expect.stringMatching(/\/9999 refused: ERR DB index is out of range$/) as string,
      hint: expect.stringContaining('database number') as string,
    });
  });

  it('says in one line that Redis does not answer', async () => {
    const { cwd } = project();
    const { code, stderr } = await runDsw(['submit', 'slip.bmp'], {
      cwd,
      env: { REDIS_URL: 'redis://:pw@127.0.0.1:1' },
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^dsw: no answer from Redis at redis:\/\/127\.0\.0\.1:1: /);
    expect(stderr).not.toContain('pw');
  });
});
