import { describe, expect, it } from 'vitest';
import { useRedis } from '../support/redis.js';
import { WorkerSystem } from '../support/worker-system.js';

const redis = useRedis();
const LEASE = { worker: { leaseSeconds: 1 } };

describe('a dead worker', () => {
  it('costs its jobs one lease and a check: they run elsewhere, none is lost', async () => {
    const system = new WorkerSystem(redis, LEASE);
    const ids = await system.addMany(2, 'held');
    const victim = system.worker();
    await system.ran(2);
    const other = system.worker();
    await other.says(/ready/);
    const killedAt = Date.now();
    await victim.stop('SIGKILL');
    await expect.poll(() => system.runs().length, { interval: 20 }).toBeGreaterThan(2);
    expect(Date.now() - killedAt).toBeLessThan(1000 + 5000);
    system.release();
    expect(await system.settled()).toEqual({ completed: 2 });
    expect(
      system
        .runs()
        .map(({ id }) => id)
        .sort(),
    ).toEqual([...ids, ...ids].sort());
  });

  it('that was only frozen does not record what another has done', async () => {
    const system = new WorkerSystem(redis, LEASE);
    const id = await system.add('held');
    const frozen = system.worker(['--concurrency', '1']);
    await system.ran(1);
    frozen.child.kill('SIGSTOP');
    const other = system.worker(['--concurrency', '1']);
    await system.ran(2);
    system.release();
    expect(await system.settled()).toEqual({ completed: 1 });
    const { finishedAt } = await system.record(id);
    frozen.child.kill('SIGCONT');
    await frozen.says(/does not count|another worker runs it/);
    expect(await system.states()).toEqual({ completed: 1 });
    expect((await system.record(id)).finishedAt).toBe(finishedAt);
    expect((await frozen.stop()).code).toBe(0);
    expect((await other.stop()).code).toBe(0);
  });

  it('is seen as lost within seconds, and forgotten soon after', async () => {
    const system = new WorkerSystem(redis, { worker: { heartbeatSeconds: 0.1 } });
    const states = async () => (await system.workers()).map(({ state }) => state);
    const victim = system.worker();
    const other = system.worker();
    await expect.poll(states).toEqual(['running', 'running']);
    await victim.stop('SIGKILL');
    const killedAt = Date.now();
    await expect
      .poll(async () => (await states()).sort(), { interval: 20 })
      .toEqual(['lost', 'running']);
    expect(Date.now() - killedAt).toBeLessThan(5000);
    await expect.poll(states).toEqual(['running']);
    expect((await other.stop()).code).toBe(0);
    expect(await states()).toEqual([]);
  });

  it('leaves suspects that no slot stands idle for while others run, and that run alone then', async () => {
    const system = new WorkerSystem(redis, LEASE);
    const suspect = await system.add('nap', { ms: 100 });
    const victim = system.worker(['--concurrency', '1']);
    await system.ran(1);
    await victim.stop('SIGKILL');
    const long = await system.add('nap', { ms: 6000 }, { queue: 'high_priority' });
    const dsw = system.worker(['--concurrency', '2']);
    await system.ran(2);
    const others = await system.addMany(25, 'nap', { ms: 100 }, 'low_priority');
    expect(await system.settled()).toEqual({ completed: 27 });
    const order = system.runs().map(({ id }) => id);
    expect(order.slice(0, 2)).toEqual([suspect, long]);
    // Beside the long one all others ran, and the suspect after it.
    expect(order.slice(2, -1).sort()).toEqual([...others].sort());
    expect(order.at(-1)).toBe(suspect);
    const ended = await Promise.all([long, suspect].map((id) => system.record(id)));
    expect(ended[1]!.finishedAt! - ended[0]!.finishedAt!).toBeGreaterThanOrEqual(100);
    expect((await dsw.stop()).code).toBe(0);
  });

  it('is killed by a poison job three times, then never again; its neighbours are not blamed', async () => {
    const system = new WorkerSystem(redis, LEASE);
    const poison = await system.add(
      'kill',
      { documentId: 'd1' },
      { attempts: 5, contentHash: 'abc' },
    );
    const neighbours = await system.addMany(3, 'nap', { ms: 400 });
    let deaths = 0;
    let dsw = system.worker(['--concurrency', '4']);
    for (;;) {
      const outcome = await Promise.race([
        dsw.ended,
        system.settled(60_000).catch(() => 'waiting' as const),
      ]);
      if (typeof outcome === 'object' && 'signal' in outcome && outcome.signal === 'SIGKILL') {
        deaths += 1;
        dsw = system.worker(['--concurrency', '4']);
      } else break;
    }
    expect(deaths).toBe(3);
    expect(await system.record(poison)).toMatchObject({
      state: 'dead',
      reason: 'its worker died 3 times while it ran',
    });
    for (const id of neighbours) expect(await system.record(id)).toMatchObject({ state: 'done' });
    expect(system.runs().filter(({ task }) => task === 'kill')).toHaveLength(3);

    const again = await system.add('kill', { documentId: 'd2' }, { contentHash: 'abc' });
    await system.settled();
    expect(await system.record(again)).toMatchObject({ state: 'dead' });
    expect((await system.record(again)).reason).toContain('under another id');
    expect(system.runs().filter(({ task }) => task === 'kill')).toHaveLength(3);
    expect((await dsw.stop()).code).toBe(0);
  }, 90_000);
});
