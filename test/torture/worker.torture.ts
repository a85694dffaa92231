import { expect, it } from 'vitest';
import type { DswProcess } from '../support/dsw-process.js';
import { ownRedis, useRedis } from '../support/redis.js';
import { WorkerSystem } from '../support/worker-system.js';

const redis = useRedis();

it('a Redis that is gone for a minute costs a minute: nothing is lost or run twice', async () => {
  const { own, server, at, folder } = await ownRedis();
  const system = new WorkerSystem(own, { worker: { leaseSeconds: 10 } });
  await system.addMany(2, 'nap', { ms: 90_000 });
  await system.addMany(200, 'nap', { ms: 20 });
  const workers = [system.worker(), system.worker()];
  await expect.poll(() => system.runs().length, { timeout: 60_000 }).toBeGreaterThan(50);
  server.abandon();
  for (const worker of workers) await worker.says(/Redis does not answer/);
  await new Promise((resolve) => setTimeout(resolve, 60_000));
  await ownRedis({ address: at, folder });
  const backAt = Date.now();
  const before = system.runs().length;
  await expect.poll(() => system.runs().length, { timeout: 10_000 }).toBeGreaterThan(before);
  expect(Date.now() - backAt).toBeLessThan(3000);
  expect(await system.settled(180_000)).toEqual({ completed: 202 });
  expect(system.runs()).toHaveLength(202);
  for (const worker of workers) expect((await worker.stop()).code).toBe(0);
});

it('workers that are killed, frozen and drained at random lose no job and record each once', async () => {
  const system = new WorkerSystem(redis, { worker: { leaseSeconds: 2, maxDeaths: 50 } });
  const fleet: DswProcess[] = Array.from({ length: 3 }, () => system.worker());
  let added = 0;
  for (let round = 0; round < 20; round++) {
    await system.addMany(50, 'nap', { ms: 40 });
    added += 50;
    const victim = round % fleet.length;
    const [worker] = fleet.splice(victim, 1);
    const ending = (['SIGKILL', 'SIGTERM', 'SIGSTOP'] as const)[round % 3]!;
    worker!.child.kill(ending);
    fleet.push(system.worker());
    await new Promise((resolve) => setTimeout(resolve, 2500));
    if (ending === 'SIGSTOP') {
      worker!.child.kill('SIGCONT');
      worker!.child.kill('SIGTERM');
    }
    await worker!.ended;
  }
  expect(await system.settled(180_000)).toEqual({ completed: added });
  expect(new Set(system.runs().map(({ id }) => id)).size).toBe(added);
  for (const worker of fleet) expect((await worker.stop()).code).toBe(0);
});
