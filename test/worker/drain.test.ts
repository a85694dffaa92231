import { describe, expect, it } from 'vitest';
import { useRedis } from '../support/redis.js';
import { WorkerSystem } from '../support/worker-system.js';

const redis = useRedis();

describe('drain', () => {
  it('finishes running jobs, takes no new one, and exits 0', async () => {
    const system = new WorkerSystem(redis);
    await system.addMany(6, 'nap', { ms: 700 });
    const dsw = system.worker();
    await system.runningCount(2);
    const { code } = await dsw.stop('SIGTERM');
    expect(code).toBe(0);
    expect(await system.states()).toEqual({ completed: 2, wait: 4 });
    expect(system.runs()).toHaveLength(2);
  });

  it.each(['nap', 'busy'])(
    'puts %s jobs that take too long back to the front at once, their try uncounted',
    async (task) => {
      const system = new WorkerSystem(redis, { worker: { drainSeconds: 0.2 } });
      const long = await system.add(task, { ms: 60_000 }, { attempts: 2 });
      await system.add('quick');
      const first = system.worker(['--concurrency', '1']);
      await system.runningCount(1);
      await system.ran(1);
      expect((await first.stop('SIGINT')).code).toBe(0);
      expect(await system.states()).toEqual({ wait: 2 });
      expect(await system.record(long)).toMatchObject({ state: 'waiting', attemptsMade: 0 });
      const waiting = await redis.client.lrange(system.keyspace.queue('default', 'wait'), -1, -1);
      expect(waiting).toEqual([long]);
    },
  );

  it('ends at once at the second signal; the jobs run elsewhere when their lease is over', async () => {
    const system = new WorkerSystem(redis, { worker: { leaseSeconds: 1 } });
    await system.add('busy', { ms: 3000 });
    const first = system.worker(['--concurrency', '1']);
    await system.ran(1);
    first.child.kill('SIGTERM');
    await first.says(/draining/);
    const { code } = await first.stop('SIGTERM');
    expect(code).toBe(143);
    expect(await system.states()).toEqual({ active: 1 });
    system.worker(['--concurrency', '1']);
    expect(await system.settled()).toEqual({ completed: 1 });
    expect(system.runs()).toHaveLength(2);
  });

  it('loses and repeats nothing in a rolling restart under load', async () => {
    const system = new WorkerSystem(redis);
    await system.addMany(300, 'nap', { ms: 20 });
    let dsw = system.worker();
    for (let restart = 0; restart < 3; restart++) {
      const before = system.runs().length;
      await expect.poll(() => system.runs().length).toBeGreaterThan(before + 20);
      const next = system.worker();
      await next.says(/ready/);
      expect((await dsw.stop('SIGTERM')).code).toBe(0);
      dsw = next;
    }
    expect(await system.settled()).toEqual({ completed: 300 });
    expect(system.runs()).toHaveLength(300);
    expect(new Set(system.runs().map(({ id }) => id)).size).toBe(300);
  });
});
