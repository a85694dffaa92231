import { describe, expect, it } from 'vitest';
import { QUEUE_NAMES, type QueueName } from '../../src/planning/queue-names.js';
import { JobExchange, type LeasedJob } from '../../src/queues/job-exchange.js';
import { JobLeases } from '../../src/queues/job-leases.js';
import { readJob } from '../../src/queues/job-records.js';
import { Keyspace } from '../../src/queues/keyspace.js';
import { QueueSet } from '../../src/queues/queue-set.js';
import { StalledJobs } from '../../src/queues/stalled-jobs.js';
import { useRedis } from '../support/redis.js';

const redis = useRedis();

function system(leaseSeconds = 30) {
  const keyspace = new Keyspace(redis.prefix());
  const queueSet = new QueueSet(redis.client, keyspace);
  const exchangeOf = (workerName: string): JobExchange =>
    new JobExchange(redis.client, keyspace, { workerName, queues: QUEUE_NAMES, leaseSeconds });
  const add = (queue: QueueName, label: string, attempts = 3): Promise<string[]> =>
    queueSet.enqueue([{ queue, task: 'ocr', input: { label }, label, attempts }]);
  return {
    keyspace,
    queueSet,
    add,
    exchangeOf,
    exchange: exchangeOf('w1'),
    leases: new JobLeases(queueSet, { queues: QUEUE_NAMES, leaseSeconds }),
    stalled: new StalledJobs(redis.client, keyspace),
  };
}

const labelOf = (job: LeasedJob): string => (JSON.parse(job.data) as { label: string }).label;
const done = (job: LeasedJob) => ({ job, outcome: 'completed' as const, value: '"ok"' });

describe('JobExchange', () => {
  it('takes from the most urgent queue first, oldest first, in one reply', async () => {
    const { add, exchange } = system();
    for (const queue of [...QUEUE_NAMES].reverse()) {
      await add(queue, `${queue} 1`);
      await add(queue, `${queue} 2`);
    }
    const { taken } = await exchange.exchange([], 5);
    expect(taken.map(labelOf)).toEqual([
      'high_priority 1',
      'high_priority 2',
      'default 1',
      'default 2',
      'low_priority 1',
    ]);
    expect(taken[0]).toMatchObject({
      queue: 'high_priority',
      task: 'ocr',
      attemptsMade: 0,
      attempts: 3,
    });
  });

  it('sees an urgent job that came after the last exchange', async () => {
    const { add, exchange } = system();
    for (let i = 0; i < 3; i++) await add('default', `slow ${i}`);
    const [first] = (await exchange.exchange([], 1)).taken;
    await add('high_priority', 'urgent');
    const reply = await exchange.exchange([done(first!)], 1);
    expect(reply.recorded).toEqual(['recorded']);
    expect(reply.taken.map(labelOf)).toEqual(['urgent']);
  });

  it('records result, failure and times', async () => {
    const { add, exchange, queueSet } = system();
    const [good] = await add('default', 'good');
    const [bad] = await add('default', 'bad');
    const { taken } = await exchange.exchange([], 2);
    await exchange.exchange(
      [
        { job: taken[0]!, outcome: 'completed', value: '{"pages":3}' },
        {
          job: taken[1]!,
          outcome: 'failed',
          value: 'no such page',
          fields: { stacktrace: '["at x"]' },
        },
      ],
      0,
    );
    const completed = await readJob(queueSet, 'default', good!);
    expect(completed).toMatchObject({
      state: 'completed',
      result: { pages: 3 },
      label: 'good',
      attemptsMade: 1,
    });
    expect(completed!.finishedAt).toBeGreaterThanOrEqual(completed!.startedAt!);
    expect(await readJob(queueSet, 'default', bad!)).toMatchObject({
      state: 'dead',
      reason: 'no such page',
    });
  });

  it('records a job once when two workers ran it', async () => {
    const { add, exchange, exchangeOf, stalled, keyspace, queueSet } = system();
    const [id] = await add('default', 'twice');
    const [first] = (await exchange.exchange([], 1)).taken;
    await redis.client.del(keyspace.queue('default', `${id}:lock`));
    expect(await stalled.recover(QUEUE_NAMES)).toEqual([id]);
    const other = exchangeOf('w2');
    const [second] = (await other.exchange([], 1)).taken;
    const late = await exchange.exchange(
      [{ job: first!, outcome: 'completed', value: '"late"' }],
      0,
    );
    const own = await other.exchange([{ job: second!, outcome: 'completed', value: '"own"' }], 0);
    expect([late.recorded, own.recorded]).toEqual([['lost'], ['recorded']]);
    expect((await readJob(queueSet, 'default', id!))?.result).toBe('own');
    expect(await queueSet.of('default').getCompletedCount()).toBe(1);
  });

  it('tells when the next delayed job falls due, and takes it then', async () => {
    const { add, exchange, leases } = system();
    await add('default', 'again');
    const [job] = (await exchange.exchange([], 1)).taken;
    const before = Date.now();
    await leases.retryLater(job!, 0.2, 'flaky', 'at x');
    const { taken, nextDelayedAt } = await exchange.exchange([], 1);
    expect(taken).toEqual([]);
    expect(nextDelayedAt! - before).toBeGreaterThanOrEqual(150);
    await expect
      .poll(async () => (await exchange.exchange([], 1)).taken.map((j) => j.attemptsMade))
      .toEqual([1]);
  });

  it('gives a job back to the front of its queue without counting the try', async () => {
    const { add, exchange, leases } = system();
    await add('default', 'first');
    await add('default', 'second');
    const [job] = (await exchange.exchange([], 1)).taken;
    await leases.giveBack(job!);
    const { taken } = await exchange.exchange([], 2);
    expect(taken.map(labelOf)).toEqual(['first', 'second']);
    expect(taken[0]!.attemptsMade).toBe(0);
  });
});

describe('leases', () => {
  it('renews what is ours and names what is lost', async () => {
    const { add, exchange, leases, keyspace } = system(5);
    const [kept] = await add('default', 'kept');
    const [lost] = await add('high_priority', 'lost');
    const { taken } = await exchange.exchange([], 2);
    await redis.client.set(keyspace.queue('high_priority', `${lost}:lock`), 'somebody else');
    await redis.client.pexpire(keyspace.queue('default', `${kept}:lock`), 1000);
    expect((await leases.renew(taken)).map((job) => job.id)).toEqual([lost]);
    expect(await redis.client.pttl(keyspace.queue('default', `${kept}:lock`))).toBeGreaterThan(
      4000,
    );
  });

  it('recovers only jobs whose lease ran out', async () => {
    const { add, exchange, stalled, keyspace } = system();
    const [dead] = await add('default', 'dead worker');
    await add('default', 'live worker');
    await exchange.exchange([], 2);
    await redis.client.del(keyspace.queue('default', `${dead}:lock`));
    expect(await stalled.recover(QUEUE_NAMES)).toEqual([dead]);
    expect(await stalled.recover(QUEUE_NAMES)).toEqual([]);
    const { taken } = await exchange.exchange([], 5);
    expect(taken.map((job) => job.id)).toEqual([dead]);
  });
});
