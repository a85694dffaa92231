import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Heartbeat } from '../../src/queues/heartbeats.js';
import { startDsw } from '../support/dsw-process.js';
import { useRedis } from '../support/redis.js';
import { workerSnapshot } from '../support/snapshots.js';
import { hasTerminal, TestTerminal } from '../support/terminal.js';
import { WorkerSystem } from '../support/worker-system.js';

const redis = useRedis();

/** A system with three waiting jobs, and the sign of life of a worker of four slots. */
async function smallSystem(): Promise<WorkerSystem> {
  const system = new WorkerSystem(redis);
  await system.addMany(3, 'nap');
  const { silentSeconds, ...worker } = workerSnapshot({ id: 'worker-a1b2', busy: 1 });
  await new Heartbeat(redis.client, system.keyspace.workers, worker.id).write({
    ...worker,
    state: 'running',
    heartbeatSeconds: 60,
  });
  return system;
}

describe('dsw top', () => {
  it('prints one plain picture of the whole system where there is no terminal', async () => {
    const system = await smallSystem();
    const { code, stdout, stderr } = await system.dsw('top');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^ slots █+░+ 1\/4 {2}25 %: over-provisioned, consider fewer replicas$/m,
    );
    expect(stdout).toMatch(/^ {3}default +3 +0 +0 +0 /m);
    expect(stdout).toMatch(/^ {3}worker-a1b2 +\[█░░░\] 1\/4 /m);
    expect(stdout).toMatch(/^ {3}warning no scheduler works /m);
    expect(stdout).not.toContain('\u001b');
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('says in one line that Redis does not answer', async () => {
    const system = new WorkerSystem(redis);
    const { code, stderr } = await system.dsw('top', '--redis', 'redis://127.0.0.1:1');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^dsw: no answer from Redis at redis:\/\/127\.0\.0\.1:1/);
  });

  it.skipIf(!hasTerminal)(
    'retries and discards dead letters and drains a worker, each when told yes',
    async () => {
      const system = new WorkerSystem(redis);
      const worker = system.worker(['--concurrency', '1', '--name', 'w']);
      for (const label of ['one.png', 'two.png']) await system.add('fail', {}, { label });
      await system.settled();
      const env = { REDIS_URL: redis.url, DSW_PREFIX: system.prefix };
      const top = new TestTerminal(['top'], { cwd: system.folder, env });
      await top.shows(/DEAD LETTERS {2}2, the last: it failed/);

      await top.press('4', /^▸ {2}fail +two\.png .*it failed/m);
      await top.press('R', / Run dead letter \w+ again\? {2}y yes, any other key no/);
      await top.press('n', /^ q quit /m);
      await top.press('R', / Run dead letter /);
      await top.press('y', /^ put back to wait: 1$/m);
      await system.ran(3);
      await expect.poll(() => system.states()).toEqual({ failed: 2 });

      await top.press(' ', /^.\* fail /m);
      await top.press('X', / Discard dead letter \w+ for good\?/);
      await top.press('y', /^ discarded: 1$/m);
      await top.shows(/DEAD LETTERS {2}1 /);
      expect(await system.states()).toEqual({ failed: 1 });

      await top.press('2', /^▸ {2}w-\w+ +\[░\] 0\/1 /m);
      await top.press('D', / Drain worker w-\w+: /);
      await top.press('y', /^ told w-\w+ to drain: within a heartbeat$/m);
      expect((await worker.ended).code).toBe(0);
      await top.shows(/no worker runs; start one/);

      await top.press('q', /./);
      expect(await top.ended).toBe(0);
      expect(top.sent).toMatch(/\u001b\[\?1049h.*\u001b\[\?1049l/s);
    },
    60_000,
  );
});

describe('dsw status', () => {
  it('tells people and programs the same, and by its exit code how bad it is', async () => {
    const system = await smallSystem();
    const text = await system.dsw('status');
    expect([text.code, text.stderr]).toEqual([0, '']);
    expect(text.stdout).toMatch(/^slots {4}1\/4 busy, 25 %: over-provisioned, consider/m);
    expect(text.stdout).toMatch(/^do {7}keep 1: 25 % busy, 1 is the fewest allowed$/m);
    expect(text.stdout).toMatch(/^default +3 +0 +0 +0 /m);
    expect(text.stdout).toMatch(/^warning: no scheduler works: /m);

    // What is an error makes it exit with 1.
    appendFileSync(join(system.folder, 'dsw.yaml'), 'expected: { workers: 2 }\n');
    const json = await system.dsw('status', '--json');
    expect(json.code).toBe(1);
    const status = JSON.parse(json.stdout) as Record<string, never>;
    expect(status).toMatchObject({
      version: 1,
      figures: { waiting: 3, capacity: { slots: 4, busy: 1 } },
      advice: { replicas: 1, limitedBy: 'minReplicas' },
      findings: [
        { check: 'fewer-workers', severity: 'error' },
        { check: 'scheduler', severity: 'warning' },
      ],
    });
  });

  it('--watch tells again until it is stopped', async () => {
    const system = await smallSystem();
    const watch = startDsw(['status', '--watch', '0.1', '--json'], {
      cwd: system.folder,
      env: { REDIS_URL: redis.url, DSW_PREFIX: system.prefix },
    });
    await watch.says(/"waiting":3.*\n.*"waiting":3.*\n/);
    await system.addMany(1, 'nap');
    await watch.says(/"figures":\{[^\n]*"waiting":4,/);
    const { code, stdout } = await watch.stop('SIGINT');
    expect(code).toBe(0);
    const looks = stdout.trim().split('\n');
    expect(looks.map((line) => (JSON.parse(line) as { version: number }).version)).toEqual(
      looks.map(() => 1),
    );
  });
});

describe('dsw queue', () => {
  it('pauses, lists and resumes queues, and says what that means for their jobs', async () => {
    const system = await smallSystem();
    const paused = await system.dsw('queue', 'pause', 'default', 'maintenance', '--json');
    expect(paused.code).toBe(0);
    expect(JSON.parse(paused.stdout)).toMatchObject({
      version: 1,
      queues: [
        { name: 'default', paused: true, changed: true, waiting: 3, workers: 1 },
        { name: 'maintenance', paused: true, changed: true, waiting: 0, workers: 1 },
      ],
    });
    expect((await system.dsw('queue', 'pause', 'default')).stderr).toBe(
      'default was paused already, and stays so until "dsw queue resume default" (3 waiting, 0 running): what comes waits.\n',
    );
    expect((await system.dsw('queue', 'list')).stdout).toMatch(
      /^QUEUE +STATE +WAITING.*\nhigh_priority +open +0 .*\ndefault +paused +3 +0 +0 +0 +0 +\S+ +1\n/,
    );
    const resumed = await system.dsw('queue', 'resume', 'default');
    expect([resumed.code, resumed.stdout, resumed.stderr]).toEqual([
      0,
      '',
      'default is open again (3 waiting, 0 running): workers take from it.\n',
    ]);
  });
});
