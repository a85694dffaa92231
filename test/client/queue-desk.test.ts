import { expect, it } from 'vitest';
import { QueueDesk } from '../../src/client/queue-desk.js';
import { WorkerSystem } from '../support/worker-system.js';
import { Heartbeat } from '../../src/queues/heartbeats.js';
import { JobExchange } from '../../src/queues/job-exchange.js';
import { SnapshotReader } from '../../src/queues/snapshot-reader.js';
import { workerSnapshot } from '../support/snapshots.js';
import { useRedis } from '../support/redis.js';

const redis = useRedis();

it('pauses a queue: no job is taken from it, more may come; after that it goes on where it was', async () => {
  const { keyspace, queueSet, prefix } = new WorkerSystem(redis);
  const job = { task: 'ocr', input: {}, attempts: 1 };
  const desk = await QueueDesk.open(redis.url, prefix);
  const exchange = new JobExchange(redis.client, keyspace, {
    workerName: 'w',
    queues: ['default', 'low_priority'],
    leaseSeconds: 30,
  });
  const take = async (count: number): Promise<string[]> => {
    const wanted = Array.from({ length: count }, () => 'default' as const);
    return (await exchange.exchange([], wanted)).taken.map(({ queue }) => queue);
  };
  await queueSet.enqueue([{ ...job, queue: 'default' }]);
  expect([await desk.pause('default'), await desk.pause('default')]).toEqual([true, false]);
  await queueSet.enqueue([
    { ...job, queue: 'default' },
    { ...job, queue: 'low_priority' },
  ]);
  expect(await take(3)).toEqual(['low_priority']);
  const reader = new SnapshotReader(redis.client, keyspace);
  expect((await reader.read()).queues[1]).toMatchObject({ waiting: 2, paused: true });

  // A sleeping worker is woken by the marker.
  await redis.client.del(keyspace.queue('default', 'marker'));
  expect([await desk.resume('default'), await desk.resume('default')]).toEqual([true, false]);
  expect(await redis.client.exists(keyspace.queue('default', 'marker'))).toBe(1);
  expect((await reader.read()).queues[1]!.paused).toBe(false);
  expect(await take(3)).toEqual(['default', 'default']);

  for (const state of ['running', 'draining'] as const) {
    const { silentSeconds, ...worker } = workerSnapshot({ id: state, queues: ['default'] });
    const sign = { ...worker, state, heartbeatSeconds: 60 };
    await new Heartbeat(redis.client, keyspace.workers, state).write(sign);
  }
  expect((await desk.list()).map(({ name, workers }) => [name, workers])).toEqual([
    ['high_priority', 0],
    ['default', 1],
    ['low_priority', 0],
    ['maintenance', 0],
  ]);
  await desk.close();
});
