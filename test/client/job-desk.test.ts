import { expect, it } from 'vitest';
import { JobDesk } from '../../src/client/job-desk.js';
import { QUEUE_NAMES, type QueueName } from '../../src/planning/queue-names.js';
import { JobExchange } from '../../src/queues/job-exchange.js';
import { JOB_STATES } from '../../src/queues/job-record.js';
import { JobSelection, PAGE, type JobFilter } from '../../src/queues/job-selection.js';
import { useRedis } from '../support/redis.js';
import { WorkerSystem } from '../support/worker-system.js';

const redis = useRedis();
const JOBS = 10_000;
const all: JobFilter = { states: JOB_STATES, queues: QUEUE_NAMES };

async function backlog(count: number) {
  const { prefix, keyspace, queueSet } = new WorkerSystem(redis);
  const job = (_: unknown, i: number) => ({
    queue: 'default' as const,
    task: i % 4 === 0 ? 'ocr' : 'report',
    input: { i },
    attempts: 3,
  });
  const ids = await queueSet.enqueue(Array.from({ length: count }, job));
  const exchange = new JobExchange(redis.client, keyspace, {
    workerName: 'w',
    queues: QUEUE_NAMES,
    leaseSeconds: 30,
  });
  const take = (count: number) =>
    exchange.exchange(
      [],
      Array.from({ length: count }, (): QueueName => 'default'),
    );
  const counts = (queue: QueueName) =>
    queueSet.of(queue).getJobCounts('wait', 'active', 'delayed', 'completed', 'failed');
  const desk = await JobDesk.open(redis.url, prefix);
  return { ids, keyspace, queueSet, exchange, take, counts, desk };
}

const none = { wait: 0, active: 0, delayed: 0, completed: 0, failed: 0 };

it('acts on those of 10,000 jobs that match, in pages, in their order, with each action', async () => {
  const { ids, queueSet, take, counts, desk } = await backlog(JOBS);
  const { taken } = await take(2);
  const waiting = { ...all, states: ['waiting'] as const };
  const seen: number[] = [];
  const ocr = { ...waiting, task: 'ocr' };
  expect(await desk.count(ocr)).toBe(JOBS / 4 - 1);
  const move = { kind: 'move', to: 'low_priority' } as const;
  const fromDefault = { ...ocr, queues: ['default'] as const };
  expect(await desk.actOnAll(fromDefault, move, (jobs) => seen.push(jobs))).toEqual({
    applied: JOBS / 4 - 1,
  });
  expect(seen.length).toBeGreaterThanOrEqual(JOBS / PAGE);
  expect(await counts('low_priority')).toEqual({ ...none, wait: JOBS / 4 - 1 });
  // In the order in which they stood: the first moved is the first to run.
  const [, , , , fifth] = ids;
  expect((await desk.list({ ...waiting, queues: ['low_priority'] }, 1))[0]?.id).toBe(fifth);

  const ofLow = { ...all, queues: ['low_priority'] as const };
  expect(await desk.actOnAll({ ...ofLow, states: ['waiting'] }, { kind: 'cancel' })).toEqual({
    applied: JOBS / 4 - 1,
  });
  expect(await desk.actOnAll({ ...all, states: ['running'] }, { kind: 'cancel' })).toEqual({
    'told its worker': 2,
  });
  const dead = { ...all, states: ['dead'] as const };
  expect(await desk.count({ ...dead, error: 'toner' })).toBe(0);
  expect(await desk.count({ ...dead, olderThanSeconds: 600 })).toBe(0);
  expect(await desk.actOnAll({ ...dead, error: 'CANCEL' }, { kind: 'retry' })).toEqual({
    applied: JOBS / 4 - 1,
  });
  expect(await counts('low_priority')).toEqual({ ...none, wait: JOBS / 4 - 1 });
  expect(await desk.actOnAll(ofLow, { kind: 'discard' })).toEqual({ applied: JOBS / 4 - 1 });
  expect(await counts('low_priority')).toEqual(none);
  expect(await counts('default')).toEqual({ ...none, active: 2, wait: (JOBS * 3) / 4 - 1 });
  expect(taken).toHaveLength(2);
  const { cmdstat_keys, cmdstat_lrange } = Object.fromEntries(
    (await redis.client.info('commandstats'))
      .split('\r\n')
      .map((line) => line.split(':') as [string, string]),
  );
  expect(cmdstat_keys).toBeUndefined();
  expect(Number(/calls=(\d+)/.exec(cmdstat_lrange ?? '')?.[1])).toBeGreaterThan(JOBS / PAGE);
  await desk.close();
  await queueSet.close();
}, 120_000);

it('passes no job over when workers take and finish jobs between two pages', async () => {
  const { ids, keyspace, exchange, take, desk, queueSet } = await backlog(PAGE * 8);
  const selection = new JobSelection(
    redis.client,
    keyspace,
    { ...all, states: ['waiting'], queues: ['default'], task: 'ocr' },
    Date.now() + 1000,
  );
  const seen = new Set<string>();
  const started = new Set<string>();
  let pages = 0;
  for await (const { jobs } of selection.pages()) {
    pages += 1;
    for (const { id } of jobs) {
      expect(seen.has(id)).toBe(false);
      seen.add(id);
    }
    // More than a page at times: then even the job seen last has gone.
    const { taken } = await take(pages % 3 === 0 ? PAGE * 2 : 30);
    for (const { id } of taken) started.add(id);
    const done = taken.map((job) => ({ job, outcome: 'completed' as const, value: '1' }));
    await exchange.exchange(done, []);
  }
  const missed = ids.filter((id, i) => i % 4 === 0 && !seen.has(id) && !started.has(id));
  expect(missed).toEqual([]);
  expect(pages).toBeGreaterThan(4);
  await desk.close();
  await queueSet.close();
}, 120_000);
