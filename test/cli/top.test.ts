import { expect, it } from 'vitest';
import { Heartbeat } from '../../src/queues/heartbeats.js';
import { useRedis } from '../support/redis.js';
import { workerSnapshot } from '../support/snapshots.js';
import { WorkerSystem } from '../support/worker-system.js';

const redis = useRedis();

it('prints one plain picture of the whole system where there is no terminal', async () => {
  const system = new WorkerSystem(redis);
  await system.addMany(3, 'nap');
  const { silentSeconds, ...worker } = workerSnapshot({ id: 'worker-a1b2', busy: 1 });
  await new Heartbeat(redis.client, system.keyspace.workers, worker.id).write({
    ...worker,
    state: 'running',
  });
  const { code, stdout, stderr } = await system.dsw('top');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^ slots █+░+ 1\/4 25 % over-provisioned: consider fewer replicas$/m);
  expect(stdout).toMatch(/^ {3}default +3 +0 +0 +0 /m);
  expect(stdout).toMatch(/^ {3}worker-a1b2 +\[█░░░\] 1\/4 /m);
  expect(stdout).not.toContain('\u001b');
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

it('says in one line that Redis does not answer', async () => {
  const system = new WorkerSystem(redis);
  const { code, stderr } = await system.dsw('top', '--redis', 'redis://127.0.0.1:1');
  expect(code).toBe(1);
  expect(stderr).toMatch(/^dsw: no answer from Redis at redis:\/\/127\.0\.0\.1:1/);
});
