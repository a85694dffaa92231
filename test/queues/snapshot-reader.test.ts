import { expect, it } from 'vitest';
import { Heartbeat, readWorkerSigns, type WorkerSign } from '../../src/queues/heartbeats.js';
import { FlowCounter } from '../../src/queues/flow-history.js';
import { quantileSeconds } from '../../src/planning/histogram.js';
import { JobExchange } from '../../src/queues/job-exchange.js';
import { Keyspace } from '../../src/queues/keyspace.js';
import { QueueSet } from '../../src/queues/queue-set.js';
import { LISTED_PER_STATE } from '../../src/queues/snapshot-jobs.js';
import type { LeasedJob } from '../../src/queues/leased-job.js';
import { SnapshotReader } from '../../src/queues/snapshot-reader.js';
import { workerSnapshot } from '../support/snapshots.js';
import { SingletonLease } from '../../src/queues/singleton-lease.js';
import { useRedis } from '../support/redis.js';
import { scheduleOf } from '../support/schedules.js';

const redis = useRedis();

function sign(id: string, heartbeatSeconds: number): WorkerSign {
  const { silentSeconds, ...worker } = workerSnapshot({ id, busy: 1 });
  return { ...worker, state: 'running', heartbeatSeconds };
}

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
  const { taken } = await exchange.exchange([], ['default', 'default']);
  await exchange.exchange([{ job: taken[0]!, outcome: 'failed', value: 'x' }], []);
  await new Heartbeat(redis.client, keyspace.workers, 'w').write(sign('w', 2));
  await new SingletonLease(redis.client, keyspace.beatLease, 'b1', 30).hold();
  for (const id of ['b1', 'b2']) {
    await new Heartbeat(redis.client, keyspace.beats, id).write({
      id,
      version: '0.1.0',
      host: 'h',
      pid: 2,
      startedAt: 3,
    });
  }

  const snapshot = await new SnapshotReader(redis.client, keyspace).read();
  expect(snapshot.workers).toMatchObject([{ id: 'w', state: 'running', slots: 4, busy: 1 }]);
  expect(snapshot.queues.map(({ name }) => name)).toEqual([
    'high_priority',
    'default',
    'low_priority',
    'maintenance',
  ]);
  expect(snapshot.queues[1]).toMatchObject({
    waiting: 1,
    running: 1,
    delayed: 0,
    dead: 1,
    done: 0,
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

it('reads what flowed: by minute and hour, over several workers, late counts too', async () => {
  const keyspace = new Keyspace(redis.prefix());
  const job = { queue: 'default' as const, task: 'ocr', input: {}, attempts: 1 };
  const startedAt = Date.now();
  await new QueueSet(redis.client, keyspace).enqueue([job, job, job]);
  const reader = new SnapshotReader(redis.client, keyspace);
  const [a, b] = [new FlowCounter(redis.client, keyspace), new FlowCounter(redis.client, keyspace)];
  const done = {
    queue: 'default' as const,
    task: 'ocr',
    waitSeconds: 1,
    serviceSeconds: 8,
    cpuSeconds: 2,
  };
  a.count({ ...done, completed: true });
  a.count({ ...done, completed: false });
  await a.flush();
  await reader.read();
  b.count({ ...done, waitSeconds: 4, completed: true });
  await b.flush();
  const { minutes, hours } = await reader.read();
  expect([minutes.length, hours.length]).toEqual([15, 24]);
  for (const bucket of [minutes, hours]) {
    // The test may run over the turn of a minute.
    const [queues, tasks] = [
      bucket.map((m) => m.queues.get('default')),
      bucket.map((m) => m.tasks.get('ocr')),
    ];
    const sum = (values: (number | undefined)[]): number =>
      values.reduce<number>((all, value) => all + (value ?? 0), 0);
    expect(sum(queues.map((q) => q?.completed))).toBe(2);
    expect(sum(queues.map((q) => q?.failed))).toBe(1);
    const noted = queues.filter((q) => q !== undefined);
    expect(noted.at(-1)).toMatchObject({ enqueuedTotal: 3, waiting: 3 });
    // What was sent before any worker counted has come, too.
    expect(noted[0]?.enqueuedBefore).toBe(0);
    expect(bucket.find((m) => m.queues.size > 0)?.since).toBeGreaterThan(startedAt - 1000);
    expect(sum(queues.map((q) => q?.wait.count))).toBe(3);
    expect(sum(queues.map((q) => q?.wait.sumSeconds))).toBe(6);
    expect(sum(tasks.map((t) => t?.cpuSeconds))).toBe(6);
    expect(quantileSeconds(tasks.findLast((t) => t !== undefined)!.service, 0.5)).toBeCloseTo(
      8,
      -0.5,
    );
  }
});

it('reads the schedules: next and last tick, what became of the last job, what is late or paused', async () => {
  const keyspace = new Keyspace(redis.prefix());
  const hour = 3_600_000;
  const { at } = await new SnapshotReader(redis.client, keyspace).read();
  const last = Math.floor(at / hour) * hour;
  const schedule = scheduleOf({ task: 'ocr', queue: 'default' });
  for (const name of ['a', 'b', 'c', 'd']) {
    const text = JSON.stringify({ ...schedule, name });
    await redis.client.hset(keyspace.beat('schedules'), name, text);
  }
  const [job] = await new QueueSet(redis.client, keyspace).enqueue([
    { queue: 'default', task: 'ocr', input: {}, attempts: 1 },
  ]);
  const ticks = { a: last, b: last - 5 * hour, c: last - 5 * hour, d: last + 24 * hour };
  await redis.client.hset(keyspace.beat('ticks'), ticks);
  await redis.client.sadd(keyspace.beat('paused'), 'c');
  const prefix = keyspace.queue('default', '');
  await redis.client.hset(keyspace.beat('runs'), {
    a: `${last + 7} ${last} ${prefix} ${job!}`,
    b: `${last + 8} 0 ${prefix} jgone`,
  });
  const { schedules } = await new SnapshotReader(redis.client, keyspace).read();
  expect(schedules.map(({ task, queue, rule, ...own }) => own)).toEqual([
    {
      name: 'a',
      nextDueAt: last + hour,
      lastDueAt: last,
      lastSentAt: last + 7,
      lastJobId: job,
      lastResult: 'waiting',
      overdue: false,
      clockSetBack: false,
      paused: false,
    },
    expect.objectContaining({
      name: 'b',
      nextDueAt: last - 4 * hour,
      lastDueAt: undefined,
      lastSentAt: last + 8,
      lastResult: 'removed',
      overdue: true,
    }),
    expect.objectContaining({ name: 'c', nextDueAt: undefined, overdue: false, paused: true }),
    expect.objectContaining({ name: 'd', clockSetBack: true, overdue: false }),
  ]);
  expect(schedules[0]).toMatchObject({ task: 'ocr', queue: 'default', rule: 'every 1h' });
});

it('lists a few jobs of each state, those that come next or ended last first', async () => {
  const keyspace = new Keyspace(redis.prefix());
  const queueSet = new QueueSet(redis.client, keyspace);
  const job = (label: string) => ({
    queue: 'default' as const,
    task: 'ocr',
    input: {},
    attempts: 2,
    label,
  });
  for (let i = 0; i < LISTED_PER_STATE + 5; i++) await queueSet.enqueue([job(`page ${i}`)]);
  const exchange = new JobExchange(redis.client, keyspace, {
    workerName: 'w',
    queues: ['default'],
    leaseSeconds: 30,
  });
  const { taken } = await exchange.exchange([], ['default', 'default', 'default']);
  const [first, second, third] = taken as [LeasedJob, LeasedJob, LeasedJob];
  await exchange.exchange([{ job: first, outcome: 'completed', value: '{}' }], []);
  await exchange.exchange([{ job: second, outcome: 'failed', value: 'un\u001b[2Jread\nable' }], []);
  const retry = { outcome: 'retry' as const, value: 'busy', delaySeconds: 60 };
  await exchange.exchange([{ job: third, ...retry }], []);
  await queueSet.of('default').add('big', { blob: 'x'.repeat(20_000) }, { priority: 3 });

  const { jobs, queues, at } = await new SnapshotReader(redis.client, keyspace).read();
  expect(queues[1]).toMatchObject({ waiting: LISTED_PER_STATE + 3, enqueuedTotal: 26 });
  expect(jobs.waiting.map(({ label }) => label)).toEqual(
    Array.from({ length: LISTED_PER_STATE }, (_, i) => `page ${i + 3}`),
  );
  expect(jobs.done).toMatchObject([{ id: first.id, label: 'page 0', attemptsMade: 1 }]);
  expect(jobs.dead).toMatchObject([
    { id: second.id, label: 'page 1', reason: 'un\ufffd[2Jread able' },
  ]);
  expect(jobs.delayed).toMatchObject([{ id: third.id, label: 'page 2', queue: 'default' }]);
  expect(jobs.delayed[0]!.dueAt! - at).toBeGreaterThan(50_000);
  expect(jobs.dead[0]!.finishedAt! - jobs.dead[0]!.enqueuedAt).toBeGreaterThanOrEqual(0);
});

it('lists prioritized jobs after the others, without labels of payloads too big to open', async () => {
  const keyspace = new Keyspace(redis.prefix());
  const queue = new QueueSet(redis.client, keyspace).of('default');
  await queue.add('big', { label: 'x', blob: 'x'.repeat(20_000) }, { priority: 3 });
  await queue.add('odd', 'not an object');
  const { jobs } = await new SnapshotReader(redis.client, keyspace).read();
  expect(jobs.waiting).toMatchObject([
    { task: 'odd', label: undefined },
    { task: 'big', label: undefined },
  ]);
});

it('costs as many steps in Redis for a long backlog as for a short one', async () => {
  const keyspace = new Keyspace(redis.prefix());
  const reader = new SnapshotReader(redis.client, keyspace);
  const stepsOfRead = async (): Promise<Record<string, number>> => {
    await redis.client.config('RESETSTAT');
    await reader.read();
    const stats = await redis.client.info('commandstats');
    const calls = [...stats.matchAll(/cmdstat_(\S+):calls=(\d+)/g)];
    return Object.fromEntries(
      calls.map(([, name, count]): [string, number] => [name ?? '', Number(count)]),
    );
  };
  const fill = async (jobs: number): Promise<void> => {
    const ids = Array.from({ length: jobs }, (_, i) => `j${i}`);
    await redis.client.rpush(keyspace.queue('default', 'wait'), ...ids);
    for (const part of ['delayed', 'completed', 'failed'])
      await redis.client.zadd(
        keyspace.queue('default', part),
        ...ids.flatMap((id, i) => [i, `${part}-${id}`]),
      );
  };
  await fill(LISTED_PER_STATE + 1);
  // The first read fetches the whole history.
  await reader.read();
  const short = await stepsOfRead();
  await fill(20_000);
  const long = await stepsOfRead();
  expect((await reader.read()).queues[1]).toMatchObject({ waiting: 20_021, dead: 20_000 });
  expect(long).toEqual(short);
  expect(short.keys ?? short.scan ?? 0).toBe(0);
});
