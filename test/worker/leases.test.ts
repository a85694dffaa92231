import { expect, it } from 'vitest';
import { JobExchange } from '../../src/queues/job-exchange.js';
import { Keyspace } from '../../src/queues/keyspace.js';
import type { QueueName } from '../../src/planning/queue-names.js';
import type { LeasedJob } from '../../src/queues/leased-job.js';
import { QueueSet } from '../../src/queues/queue-set.js';
import { HeldLeases } from '../../src/worker/held-leases.js';
import { LeaseKeeper } from '../../src/worker/lease-keeper.js';
import type { WorkerOptions } from '../../src/worker/worker-options.js';
import { useRedis } from '../support/redis.js';

const redis = useRedis();
const lease = (token: string, queue: QueueName = 'default'): LeasedJob =>
  ({ id: 'j1', queue, token }) as LeasedJob;

it('a job that is leased anew before its giving back is heard of runs, and stays held', () => {
  const held = new HeldLeases();
  const [first, second] = [lease('t1'), lease('t2')];
  expect(held.adopt([first])).toEqual([first]);
  held.settling([first]);
  expect(held.toRenew).toEqual([]);
  // The other connection's reply comes first.
  expect(held.adopt([second])).toEqual([second]);
  held.release([first]);
  expect(held.toRenew).toEqual([second]);
  held.settling([second]);
  held.release([second]);
  expect(held.all).toEqual([]);
});

it('a job that runs here already only gets its new token', () => {
  const held = new HeldLeases();
  const running = lease('t1');
  held.adopt([running]);
  held.settling([running]);
  held.notSettled([running]);
  expect(held.adopt([lease('t2')])).toEqual([]);
  expect(held.all).toEqual([running]);
  expect(running.token).toBe('t2');
});

it('jobs of one id in two queues are two: other programs count in each queue', () => {
  const held = new HeldLeases();
  const two = [lease('t1'), lease('t2', 'low_priority')];
  expect(held.adopt(two)).toEqual(two);
  held.release([two[1]!]);
  expect(held.toRenew).toEqual([two[0]]);
});

it('jobs of a reply that never came run, although nobody else would miss them', async () => {
  const keyspace = new Keyspace(redis.prefix());
  const queues = ['default'] as const;
  const exchange = { workerName: 'w1', queues, leaseSeconds: 30 };
  const options = { queues, queueOrder: 'strict', leaseSeconds: 30 } as unknown as WorkerOptions;
  const connections = { commands: redis.client, blocking: redis.client, onBack: () => undefined };
  const keeper = new LeaseKeeper('w1', connections, keyspace, options);
  const reclaimed: string[] = [];
  keeper.listen({
    onTooLate: () => expect.fail(),
    onLost: () => expect.fail(),
    onStalled: () => expect.fail(),
    onReclaimed: (jobs) => reclaimed.push(...jobs.map(({ id }) => id)),
  });
  const job = { queue: 'default' as const, task: 'ocr', input: {}, attempts: 1 };
  const ids = await new QueueSet(redis.client, keyspace).enqueue([job, job]);
  await keeper.exchange([], 1);
  await new JobExchange(redis.client, keyspace, exchange).exchange([], ['default']);
  const locks = ids.map((id) => keyspace.queue('default', `${id}:lock`));
  const recover = async () => {
    await redis.client.del(keyspace.queue('default', 'dsw-recover'));
    await keeper.recover(10, Date.now());
  };
  await recover();
  expect(reclaimed).toEqual([]);
  await redis.client.del(...locks);
  await recover();
  expect(reclaimed).toEqual([ids[1]]);
  await keeper.renew();
  expect(await redis.client.exists(...locks)).toBe(2);
  await recover();
  expect(reclaimed).toEqual([ids[1]]);
});
