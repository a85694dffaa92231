import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { emptyHistogram, observe } from '../../src/planning/histogram.js';
import { histogramFamily } from '../../src/monitor/metrics/families.js';
import { startDsw, type DswProcess } from '../support/dsw-process.js';
import { readMetrics } from '../support/metrics.js';
import { useRedis } from '../support/redis.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { WorkerSystem } from '../support/worker-system.js';

const redis = useRedis();

async function baseOf(dsw: DswProcess): Promise<string> {
  const [, port] = await dsw.says(/metrics on http:\/\/127\.0\.0\.1:(\d+)\/metrics/);
  return `http://127.0.0.1:${port!}`;
}

const statusOf = async (url: string): Promise<number> => (await fetch(url)).status;

describe('histogramFamily', () => {
  it('counts exactly below each bound', () => {
    const histogram = emptyHistogram();
    for (const seconds of [0.001, 0.0041, 0.1, 20_000]) observe(histogram, seconds);
    const { values } = histogramFamily('h', 'help', [[{ task: 'ocr' }, histogram]]);
    const below = (le: string) => values.find(({ labels }) => labels.le === le)?.value;
    expect(['0.004', '0.008', '0.064', '0.128', '8388.608', '+Inf'].map(below)).toEqual([
      1, 2, 2, 3, 3, 4,
    ]);
    expect(values.slice(-2).map(({ metricName, value }) => [metricName, value])).toEqual([
      ['h_sum', 20_000.1051],
      ['h_count', 4],
    ]);
  });
});

describe('the endpoint of a worker', () => {
  it('tells its work, the system and its health', async () => {
    const system = new WorkerSystem(redis);
    await system.addMany(3, 'nap', { ms: 20 });
    await system.add('fail', {}, { queue: 'high_priority' });
    const dsw = system.worker(['--concurrency', '2', '--metrics-port', '127.0.0.1:0']);
    const base = await baseOf(dsw);
    expect(await system.settled()).toEqual({ completed: 3, failed: 1 });
    await expect.poll(() => statusOf(`${base}/readyz`)).toBe(200);
    expect(await statusOf(`${base}/healthz`)).toBe(200);
    expect(await statusOf(`${base}/else`)).toBe(404);

    const { value, kinds, text } = await readMetrics(base);
    expect(value('dsw_jobs_completed_total', { queue: 'default' })).toBe(3);
    expect(value('dsw_tries_failed_total', { queue: 'high_priority' })).toBe(1);
    expect(value('dsw_queue_dead_jobs', { queue: 'high_priority' })).toBe(1);
    expect(value('dsw_job_service_seconds_count', { task: 'nap' })).toBe(3);
    expect(value('dsw_job_service_seconds_bucket', { task: 'nap', le: '8388.608' })).toBe(3);
    expect(value('dsw_job_wait_seconds_count', { queue: 'default' })).toBe(3);
    expect(value('dsw_slots', {})).toBe(2);
    expect(value('dsw_redis_up', {})).toBe(1);
    for (const [name, kind] of kinds) {
      expect(name).toMatch(/^dsw_/);
      expect(name.endsWith('_total'), name).toBe(kind === 'counter');
    }
    expect(text).not.toMatch(/\bj[0-9a-z]{20}\b/);

    await system.add('nap', { ms: 1500 });
    await system.runningCount(1);
    dsw.child.kill('SIGTERM');
    await expect.poll(() => statusOf(`${base}/readyz`)).toBe(503);
    expect(await statusOf(`${base}/healthz`)).toBe(200);
    expect((await dsw.ended).code).toBe(0);
  });

  it('stays alive but not ready while Redis is gone', async () => {
    const system = new WorkerSystem(redis);
    const proxy = await TcpProxy.to(redis.server.address!.port);
    const url = redis.url.replace(/:\d+$/, `:${proxy.port}`);
    const dsw = system.worker(['--concurrency', '1', '--metrics-port', '127.0.0.1:0'], url);
    const base = await baseOf(dsw);
    await expect.poll(() => statusOf(`${base}/readyz`), { timeout: 15_000 }).toBe(200);
    await proxy.close();
    await expect.poll(() => statusOf(`${base}/readyz`)).toBe(503);
    expect(await statusOf(`${base}/healthz`)).toBe(200);
    const { value } = await readMetrics(base);
    expect(value('dsw_redis_up', {})).toBe(0);
    expect(value('dsw_slots', {})).toBeUndefined();
  });

  it('refuses a port that is taken in one line', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const { code, stderr } = await new WorkerSystem(redis).dsw(
      'worker',
      '--metrics-port',
      `127.0.0.1:${port}`,
    );
    taken.close();
    expect(code).toBe(1);
    expect(stderr).toContain(
      `dsw: port ${port} is taken: something else listens on 127.0.0.1:${port}\n`,
    );
  });
});

describe('the endpoint of a supervisor', () => {
  it('answers for all replicas, and never counts backwards', async () => {
    const system = new WorkerSystem(redis, { worker: { leaseSeconds: 1 } });
    const dsw = system.worker([
      ...['--replicas', '2', '--concurrency', '1'],
      ...['--metrics-port', '127.0.0.1:0'],
    ]);
    const base = await baseOf(dsw);
    await expect.poll(() => statusOf(`${base}/readyz`), { timeout: 20_000 }).toBe(200);
    await system.addMany(12, 'nap', { ms: 50 });
    await system.settled();
    const done = async () =>
      (await readMetrics(base)).value('dsw_jobs_completed_total', { queue: 'default' });
    expect(await done()).toBe(12);
    const pids = new Set(system.runs().map(({ pid }) => pid));
    expect(pids.size).toBe(2);

    process.kill([...pids][0]!, 'SIGKILL');
    await dsw.says(/replica \d ended/);
    expect(await done()).toBe(12);
    await expect.poll(() => statusOf(`${base}/readyz`), { timeout: 20_000 }).toBe(200);
    await system.addMany(4, 'nap', { ms: 50 });
    await system.settled();
    expect(await done()).toBe(16);
    expect((await dsw.stop()).code).toBe(0);
  });
});

describe('the endpoint of a beat', () => {
  it('tells what it sent, the schedules and its health', async () => {
    const system = new WorkerSystem(redis);
    const dsw = startDsw(['beat', '--metrics-port', '127.0.0.1:0'], {
      cwd: system.folder,
      env: { REDIS_URL: redis.url, DSW_PREFIX: system.prefix },
    });
    const base = await baseOf(dsw);
    await dsw.says(/sent due task cleanup_old_files/);
    await expect.poll(() => statusOf(`${base}/readyz`), { timeout: 15_000 }).toBe(200);
    expect(await statusOf(`${base}/healthz`)).toBe(200);
    const [, beat = ''] = await dsw.says(/(beat-\w+) is the scheduler/);
    await expect
      .poll(async () => (await readMetrics(base)).value('dsw_beat_sent_ticks_total', { beat }))
      .toBe(2);
    const { value } = await readMetrics(base);
    expect(value('dsw_beat_holder', { beat })).toBe(1);
    expect(value('dsw_schedulers', { role: 'holder' })).toBe(1);
    expect(value('dsw_schedule_overdue', { schedule: 'cleanup_old_files' })).toBe(0);
    expect((await dsw.stop()).code).toBe(0);
  });
});
