import { describe, expect, it } from 'vitest';
import { ownRedis, useRedis } from '../support/redis.js';
import { WorkerSystem } from '../support/worker-system.js';

const redis = useRedis();

describe('drain', () => {
  it('finishes running jobs, takes no new one, and exits 0', async () => {
    const system = new WorkerSystem(redis);
    await system.addMany(6, 'held');
    const dsw = system.worker();
    await system.ran(2);
    dsw.child.kill('SIGTERM');
    await dsw.says(/draining: 2 running jobs/);
    system.release();
    expect((await dsw.ended).code).toBe(0);
    expect(await system.states()).toEqual({ completed: 2, wait: 4 });
    expect(system.runs()).toHaveLength(2);
  });

  it.each([
    ['nap', 'SIGINT'],
    ['busy', 'SIGHUP'],
  ] as const)(
    'puts %s jobs that take too long after %s back to the front at once, their try uncounted',
    async (task, signal) => {
      const system = new WorkerSystem(redis, { worker: { drainSeconds: 0.2 } });
      const long = await system.add(task, { ms: 60_000 }, { attempts: 2 });
      await system.add('quick');
      const first = system.worker(['--concurrency', '1']);
      await system.runningCount(1);
      await system.ran(1);
      expect((await first.stop(signal)).code).toBe(0);
      expect(await system.states()).toEqual({ wait: 2 });
      expect(await system.record(long)).toMatchObject({ state: 'waiting', attemptsMade: 0 });
      const waiting = await redis.client.lrange(system.keyspace.queue('default', 'wait'), -1, -1);
      expect(waiting).toEqual([long]);
    },
  );

  it('ends at once at the second signal; what runs goes back first, its try uncounted', async () => {
    const system = new WorkerSystem(redis, {
      worker: { leaseSeconds: 60, drainSeconds: 600, maxDeaths: 1 },
    });
    const ids = [await system.add('busy', { ms: 60_000 }), await system.add('nap', { ms: 60_000 })];
    const first = system.worker(['--concurrency', '2']);
    await system.ran(2);
    first.child.kill('SIGTERM');
    await first.says(/draining/);
    expect((await first.stop('SIGTERM')).code).toBe(143);
    expect(await system.states()).toEqual({ wait: 2 });
    for (const id of ids)
      expect(await system.record(id)).toMatchObject({ state: 'waiting', attemptsMade: 0 });
    system.worker(['--concurrency', '2']);
    await system.ran(4);
    // It counts neither as a try nor as a death: nothing runs alone.
    await system.runningCount(2);
  });

  it('does not wait for ever for a Redis that is gone', async () => {
    const { own, server } = await ownRedis();
    const system = new WorkerSystem(own, { worker: { drainSeconds: 0.5 } });
    await system.add('held');
    const dsw = system.worker(['--concurrency', '1']);
    await system.ran(1);
    server.abandon();
    await dsw.says(/Redis does not answer/);
    const { code, stderr } = await dsw.stop('SIGTERM');
    expect(code).toBe(1);
    expect(stderr).toMatch(/worker-\w+ could not give back/);
  });

  it('ends a worker that has yet to find its Redis', async () => {
    const system = new WorkerSystem(redis);
    const dsw = system.worker(['--concurrency', '1'], 'redis://127.0.0.1:1');
    await dsw.says(/Redis does not answer/);
    expect((await dsw.stop('SIGTERM')).code).toBe(0);
  });

  it('loses and repeats nothing in a rolling restart under load', async () => {
    const system = new WorkerSystem(redis);
    let dsw = system.worker();
    for (let restart = 0; restart < 2; restart++) {
      await system.addMany(100, 'nap', { ms: 20 });
      await expect
        .poll(() => system.runs().length, { interval: 20 })
        .toBeGreaterThan(restart * 100);
      const next = system.worker();
      await next.says(/ready/);
      await system.addMany(50, 'nap', { ms: 20 });
      expect((await dsw.stop('SIGTERM')).code).toBe(0);
      dsw = next;
    }
    expect(await system.settled()).toEqual({ completed: 300 });
    expect(system.runs()).toHaveLength(300);
    expect(new Set(system.runs().map(({ id }) => id)).size).toBe(300);
  });
});
