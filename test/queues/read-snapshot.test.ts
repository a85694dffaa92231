import { expect, it } from 'vitest';
import {
  Heartbeat,
  readWorkerSigns,
  workerHeartbeat,
  type WorkerSign,
} from '../../src/queues/heartbeats.js';
import { JobExchange } from '../../src/queues/job-exchange.js';
import { Keyspace } from '../../src/queues/keyspace.js';
import { QueueSet } from '../../src/queues/queue-set.js';
import { readSnapshot } from '../../src/queues/read-snapshot.js';
import { SingletonLease } from '../../src/queues/singleton-lease.js';
import { useRedis } from '../support/redis.js';

const redis = useRedis();

const sign = (id: string, heartbeatSeconds: number): WorkerSign => ({
  id,
  host: 'h',
  pid: 1,
  version: '0',
  state: 'running',
  queues: ['default'],
  slots: 4,
  busy: 1,
  running: [],
  completed: 0,
  failed: 0,
  startedAt: 1,
  memoryMb: 100,
  heartbeatSeconds,
});

it('reads queues, workers and beats', async () => {
  const keyspace = new Keyspace(redis.prefix());
  const queueSet = new QueueSet(redis.client, keyspace);
  const job = { queue: 'default' as const, task: 'ocr', input: {}, attempts: 1 };
  await queueSet.enqueue([job, job, job]);
  const exchange = new JobExchange(redis.client, keyspace, {
    workerName: 'w',
    queues: ['default'],
    leaseSeconds: 30,
  });
  const { taken } = await exchange.exchange([], 2);
  await exchange.exchange([{ job: taken[0]!, outcome: 'failed', value: 'x' }], 0);
  await workerHeartbeat(redis.client, keyspace, 'w').write(sign('w', 2));
  await new SingletonLease(
    redis.client,
    { lease: keyspace.beatLease, fence: keyspace.beatFence },
    'b1',
    30,
  ).hold();
  for (const id of ['b1', 'b2']) {
    await new Heartbeat(redis.client, keyspace.beats, id).write({
      id,
      host: 'h',
      pid: 2,
      startedAt: 3,
    });
  }

  const snapshot = await readSnapshot(redis.client, keyspace);
  expect(snapshot.workers).toMatchObject([{ id: 'w', state: 'running', slots: 4, busy: 1 }]);
  expect(snapshot.queues.map(({ name }) => name)).toEqual([
    'high_priority',
    'default',
    'low_priority',
    'maintenance',
  ]);
  expect(snapshot.queues[1]).toMatchObject({
    waiting: 1,
    active: 1,
    delayed: 0,
    dead: 1,
    completed: 0,
  });
  expect(snapshot.queues[1]!.oldestWaitSeconds).toBeGreaterThanOrEqual(0);
  expect(snapshot.queues[0]!.oldestWaitSeconds).toBeUndefined();
  expect(snapshot.beats.map(({ id, holder }) => [id, holder])).toEqual([
    ['b1', true],
    ['b2', false],
  ]);
  expect(Math.abs(snapshot.at - Date.now())).toBeLessThan(5000);
});

it('calls a worker lost after three missed heartbeats and forgets it after sixty', () => {
  const hash = { w: `10000 ${JSON.stringify(sign('w', 2))}` };
  const stateAt = (seconds: number) =>
    readWorkerSigns(hash, 10_000 + seconds * 1000).map(({ state }) => state);
  expect(stateAt(5.9)).toEqual(['running']);
  expect(stateAt(6.1)).toEqual(['lost']);
  expect(stateAt(119)).toEqual(['lost']);
  expect(stateAt(121)).toEqual([]);
});
