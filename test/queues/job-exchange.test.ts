import { describe, expect, it } from 'vitest';
import { QUEUE_NAMES, type QueueName } from '../../src/planning/queue-names.js';
import { JobExchange, type SettledJob } from '../../src/queues/job-exchange.js';
import { JobActions } from '../../src/queues/job-actions.js';
import type { LeasedJob } from '../../src/queues/leased-job.js';
import { readJob } from '../../src/queues/job-lookup.js';
import { Keyspace } from '../../src/queues/keyspace.js';
import { QueueSet } from '../../src/queues/queue-set.js';
import { useRedis } from '../support/redis.js';

const redis = useRedis();

function system(leaseSeconds = 30) {
  const keyspace = new Keyspace(redis.prefix());
  const queueSet = new QueueSet(redis.client, keyspace);
  const exchangeOf = (workerName: string): JobExchange =>
    new JobExchange(redis.client, keyspace, { workerName, queues: QUEUE_NAMES, leaseSeconds });
  const add = async (queue: QueueName, label: string, attempts = 3): Promise<string> => {
    const [id] = await queueSet.enqueue([
      { queue, task: 'ocr', input: { label }, label, attempts },
    ]);
    return id!;
  };
  const exchange = exchangeOf('w1');
  return {
    keyspace,
    queueSet,
    add,
    exchangeOf,
    exchange,
    read: (id: string) => readJob(redis.client, keyspace, 'default', id),
    /** Leases jobs, most urgent first. */
    take: async (jobs: number, from = exchange) => (await from.exchange([], strict(jobs))).taken,
    /** Another worker looks for jobs of dead ones. */
    recover: async (worker = 'w2') => (await exchangeOf(worker).recover(10, Date.now())).recovered,
    /** Has a lease run out, with nobody having looked for such lately. */
    dropLease: (queue: QueueName, id: string) =>
      redis.client.del(keyspace.queue(queue, `${id}:lock`), keyspace.queue(queue, 'dsw-recover')),
  };
}

const strict = (jobs: number): QueueName[] => Array.from({ length: jobs }, () => 'high_priority');
const labelOf = (job: LeasedJob): string => (JSON.parse(job.data) as { label: string }).label;
const done = (job: LeasedJob, value = '"ok"'): SettledJob => ({ job, outcome: 'completed', value });

describe('enqueue', () => {
  const job = (label: string, more: object = {}) => ({
    queue: 'default' as const,
    task: 'ocr',
    input: { label },
    label,
    attempts: 1,
    ...more,
  });

  it('is all or nothing at a bound, however many submit at once', async () => {
    const { queueSet } = system();
    const three = () => queueSet.enqueue([job('a'), job('b'), job('c')], 7);
    const calls = await Promise.allSettled(Array.from({ length: 5 }, three));
    expect(calls.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(await queueSet.of('default').getWaitingCount()).toBe(6);
    await expect(three()).rejects.toMatchObject({
      code: 'unavailable',
      message: 'queue default is full: 6 jobs wait, 7 may',
    });
    await queueSet.enqueue([job('p', { priority: 3 })], 7);
    await expect(queueSet.enqueue([job('d')], 7)).rejects.toThrow('7 jobs wait');
  });

  it('makes one job of one id, in whatever queue it is', async () => {
    const { queueSet, take } = system();
    const id = 'jkey';
    await Promise.all(
      [...QUEUE_NAMES, ...QUEUE_NAMES].map((queue) =>
        queueSet.enqueue([job('k', { id, queue })], 1),
      ),
    );
    expect((await take(5)).map((taken) => taken.id)).toEqual([id]);
  });

  it('keeps to places within a queue, also for delayed and moved jobs', async () => {
    const { queueSet, take, keyspace } = system();
    await queueSet.enqueue([
      job('third', { priority: 2 }),
      job('second', { priority: 1 }),
      job('later', { delaySeconds: 60, priority: 1 }),
      job('first'),
      job('moved', { priority: 9, id: 'jmoved' }),
    ]);
    const actions = new JobActions(redis.client, keyspace, queueSet);
    expect(await actions.move('default', 'jmoved', 'low_priority')).toBe('applied');
    expect((await take(9)).map(labelOf)).toEqual(['first', 'second', 'third', 'moved']);
    expect(await queueSet.of('default').getDelayedCount()).toBe(1);
  });
});

describe('JobExchange', () => {
  it('takes from the most urgent queue first, oldest first, in one reply', async () => {
    const { add, take } = system();
    for (const queue of [...QUEUE_NAMES].reverse()) {
      await add(queue, `${queue} 1`);
      await add(queue, `${queue} 2`);
    }
    const taken = await take(5);
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
      deaths: 0,
    });
  });

  it('tries the queue asked for first, then the others by urgency', async () => {
    const { add, exchange } = system();
    await add('maintenance', 'm');
    await add('default', 'd1');
    await add('default', 'd2');
    const { taken } = await exchange.exchange(
      [],
      ['maintenance', 'maintenance', 'low_priority', 'default'],
    );
    expect(taken.map(labelOf)).toEqual(['m', 'd1', 'd2']);
  });

  it('sees an urgent job that came after the last exchange', async () => {
    const { add, take, exchange } = system();
    for (let i = 0; i < 3; i++) await add('default', `slow ${i}`);
    const [first] = await take(1);
    await add('high_priority', 'urgent');
    const reply = await exchange.exchange([done(first!)], strict(1));
    expect(reply.recorded).toEqual(['recorded']);
    expect(reply.taken.map(labelOf)).toEqual(['urgent']);
  });

  it('records result, failure and times', async () => {
    const { add, take, exchange, read } = system();
    const good = await add('default', 'good');
    const bad = await add('default', 'bad');
    const taken = await take(2);
    const dead: SettledJob = {
      job: taken[1]!,
      outcome: 'failed',
      value: 'no such page',
      fields: { stacktrace: '["at x"]' },
    };
    await exchange.exchange([done(taken[0]!, '{"pages":3}'), dead], []);
    const completed = await read(good);
    expect(completed).toMatchObject({
      state: 'done',
      result: { pages: 3 },
      label: 'good',
      attemptsMade: 1,
    });
    expect(completed!.finishedAt).toBeGreaterThanOrEqual(completed!.startedAt!);
    expect(await read(bad)).toMatchObject({
      state: 'dead',
      reason: 'no such page',
    });
  });

  it('records a job once when two workers ran it', async () => {
    const { add, take, exchange, exchangeOf, dropLease, queueSet, recover, read } = system();
    const id = await add('default', 'twice');
    const [first] = await take(1);
    await dropLease('default', id);
    expect(await recover()).toMatchObject([{ job: { id }, deaths: 1 }]);
    const other = exchangeOf('w2');
    const [second] = await take(1, other);
    const late = await exchange.exchange([done(first!, '"late"')], []);
    const own = await other.exchange([done(second!, '"own"')], []);
    expect([late.recorded, own.recorded]).toEqual([['elsewhere'], ['recorded']]);
    expect((await read(id))?.result).toBe('own');
    expect(await queueSet.of('default').getCompletedCount()).toBe(1);
  });

  it.each(['completed', 'failed', 'retry'] as const)(
    'records a job once when two workers ran it and the other %s it',
    async (outcome) => {
      const { add, take, exchange, exchangeOf, dropLease, queueSet, recover, read } = system();
      const id = await add('default', 'twice');
      const [first] = await take(1);
      await dropLease('default', id);
      await recover();
      const other = exchangeOf('w2');
      const [second] = await take(1, other);
      const settled: SettledJob = { job: second!, outcome, value: '"own"', delaySeconds: 60 };
      expect((await other.exchange([settled], [])).recorded).toEqual(['recorded']);
      for (const late of ['completed', 'failed', 'retry', 'back'] as const) {
        const { recorded } = await exchange.exchange(
          [{ job: first!, outcome: late, value: '"late"', delaySeconds: 60 }],
          [],
        );
        expect(recorded).toEqual(['elsewhere']);
      }
      const counts = await queueSet
        .of('default')
        .getJobCounts('wait', 'active', 'completed', 'failed', 'delayed');
      const state = outcome === 'retry' ? 'delayed' : outcome;
      const none = { wait: 0, active: 0, completed: 0, failed: 0, delayed: 0 };
      expect(counts).toEqual({ ...none, [state]: 1 });
      expect((await read(id))?.attemptsMade).toBe(1);
    },
  );

  it('tells a job that somebody else has from one that is no longer there', async () => {
    const { add, take, exchange, keyspace } = system();
    const id = await add('default', 'forgotten');
    const [job] = await take(1);
    await redis.client.del(keyspace.queue('default', id), keyspace.queue('default', `${id}:lock`));
    expect(await exchange.renew([job!])).toEqual([{ job, whereabouts: 'gone' }]);
    for (const outcome of ['completed', 'failed', 'retry', 'back', 'interrupted'] as const) {
      const settled: SettledJob = { job: job!, outcome, value: '"x"', delaySeconds: 1 };
      expect((await exchange.exchange([settled], [])).recorded).toEqual(['gone']);
    }
    expect(await redis.client.exists(keyspace.queue('default', id))).toBe(0);
  });

  it('can be sent twice: what is settled stays settled, and counts as recorded', async () => {
    const { add, take, exchange, queueSet, read } = system();
    await add('default', 'a');
    await add('default', 'b');
    await add('default', 'c');
    const [a, b, c] = await take(3);
    const settled: SettledJob[] = [
      done(a!),
      { job: b!, outcome: 'failed', value: 'x' },
      { job: c!, outcome: 'retry', value: 'y', delaySeconds: 60 },
    ];
    for (const recorded of [
      await exchange.exchange(settled, []),
      await exchange.exchange(settled, []),
    ]) {
      expect(recorded.recorded).toEqual(['recorded', 'recorded', 'recorded']);
    }
    expect(await queueSet.of('default').getJobCounts('completed', 'failed', 'delayed')).toEqual({
      completed: 1,
      failed: 1,
      delayed: 1,
    });
    expect((await read(c!.id))?.attemptsMade).toBe(1);
  });

  it('tells when the next delayed job falls due, and takes it then', async () => {
    const { add, take, exchange } = system();
    await add('default', 'again');
    const [job] = await take(1);
    const before = Date.now();
    const retry: SettledJob = { job: job!, outcome: 'retry', value: 'flaky', delaySeconds: 0.2 };
    const { taken, nextDelayedAt } = await exchange.exchange([retry], strict(1));
    expect(taken).toEqual([]);
    expect(nextDelayedAt! - before).toBeGreaterThanOrEqual(150);
    await expect.poll(async () => (await take(1)).map((j) => j.attemptsMade)).toEqual([1]);
  });

  it('has a job wait since it was ready: backoff, delay and earlier tries are no wait', async () => {
    const { add, take, exchange, keyspace, queueSet, recover, dropLease, read } = system();
    const actions = new JobActions(redis.client, keyspace, queueSet);
    const id = await add('default', 'often', 9);
    const readyTimes: number[] = [];
    /** Takes it, and sees that it became ready in so many milliseconds from then on. */
    const takeReady = async (since: number, afterMs = 0): Promise<LeasedJob> => {
      const [job] = await take(1);
      expect(job!.readyAt - since).toBeGreaterThanOrEqual(afterMs);
      expect(job!.readyAt).toBeLessThanOrEqual(job!.leasedAt);
      expect((await read(id))?.readyAt).toBe(job!.readyAt);
      readyTimes.push(job!.readyAt);
      return job!;
    };
    const settle = async (job: LeasedJob, outcome: SettledJob['outcome'], delaySeconds = 0) => {
      await pause();
      const at = Date.now();
      await exchange.exchange([{ job, outcome, value: 'x', delaySeconds }], []);
      return at;
    };
    /** Until the clock, in whose milliseconds all is told, says more than now. */
    const pause = (ms = 1) => {
      const until = Date.now() + ms;
      return expect.poll(() => Date.now(), { interval: 1 }).toBeGreaterThan(until);
    };
    // Leased and not begun: it has waited on.
    let job = await takeReady(0);
    await settle(job, 'back');
    job = await takeReady(0);
    expect(job.readyAt).toBe(job.enqueuedAt);
    // Ran, and made way; failed; its worker died.
    job = await takeReady(await settle(job, 'interrupted'));
    const failedAt = await settle(job, 'retry', 0.05);
    await expect.poll(async () => (await queueSet.of('default').getDelayed())[0]?.delay).toBe(50);
    await pause(50);
    job = await takeReady(failedAt, 50);
    await dropLease('default', id);
    await pause();
    const recoveredAt = Date.now();
    await recover();
    job = await takeReady(recoveredAt);
    // An operator has it run at once, delayed or dead.
    await settle(job, 'retry', 60);
    const promotedAt = Date.now();
    await actions.retry('default', id);
    job = await takeReady(promotedAt);
    await settle(job, 'failed');
    await pause();
    const retriedAt = Date.now();
    await actions.retry('default', id);
    await takeReady(retriedAt);
    expect(readyTimes).toEqual([...readyTimes].sort((a, b) => a - b));
    expect(new Set(readyTimes).size).toBe(6);
  });

  it('puts a job back to the front of its queue without counting the try', async () => {
    const { add, take, exchange } = system();
    await add('default', 'first');
    await add('default', 'second');
    const [job] = await take(1);
    await exchange.exchange([{ job: job!, outcome: 'back', value: '' }], []);
    const taken = await take(2);
    expect(taken.map(labelOf)).toEqual(['first', 'second']);
    expect(taken[0]!.attemptsMade).toBe(0);
  });
});

describe('leases', () => {
  it('are renewed, and taken back when they lapsed and nobody else has the job', async () => {
    const { add, take, exchange, dropLease, keyspace, recover } = system(5);
    const [kept, lapsed, stalled, lost] = [
      await add('high_priority', 'kept'),
      await add('high_priority', 'lapsed'),
      await add('default', 'stalled'),
      await add('default', 'lost'),
    ];
    const taken = await take(4);
    const lockOf = (queue: QueueName, id: string) => keyspace.queue(queue, `${id}:lock`);
    await redis.client.pexpire(lockOf('high_priority', kept), 1000);
    await dropLease('default', stalled);
    await recover();
    await dropLease('high_priority', lapsed);
    await redis.client.set(lockOf('default', lost), 'somebody else');
    const found = await exchange.renew(taken);
    expect(found).toMatchObject([{ job: { id: lost }, whereabouts: 'elsewhere' }]);
    for (const key of [
      lockOf('high_priority', kept),
      lockOf('high_priority', lapsed),
      lockOf('default', stalled),
    ]) {
      expect(await redis.client.pttl(key)).toBeGreaterThan(4000);
    }
    expect(await redis.client.lrange(keyspace.queue('default', 'active'), 0, -1)).toEqual([
      stalled,
      lost,
    ]);
    expect(await take(1)).toEqual([]);
    const settled = taken.filter((job) => job.id !== lost).map((job) => done(job));
    expect((await exchange.exchange(settled, [])).recorded).toEqual([
      'recorded',
      'recorded',
      'recorded',
    ]);
  });

  it('lapsed while the job finished do not cost its result', async () => {
    const { add, take, exchange, dropLease } = system();
    const id = await add('default', 'late but ours');
    const [job] = await take(1);
    await dropLease('default', id);
    expect((await exchange.exchange([done(job!)], [])).recorded).toEqual(['recorded']);
  });

  it('of a lost reply are found again by their worker alone', async () => {
    const { add, take, exchange, exchangeOf } = system();
    for (const label of ['known', 'unheard', 'of another']) await add('default', label);
    const [known] = await take(1);
    await take(1);
    await take(1, exchangeOf('w10'));
    expect((await exchange.reclaim([known!])).map(labelOf)).toEqual(['unheard']);
  });

  it('that ran out put a job to the front again, looked for by one worker at a time', async () => {
    const { add, take, dropLease, keyspace, recover } = system();
    const dead = await add('default', 'dead worker');
    await add('default', 'live worker');
    await add('default', 'next');
    await take(2);
    await dropLease('default', dead);
    expect(await recover()).toMatchObject([{ job: { id: dead }, deaths: 1 }]);
    await take(1);
    await redis.client.del(keyspace.queue('default', `${dead}:lock`));
    expect(await recover('w3')).toEqual([]);
  });

  it('of a worker that still lives are its own to take back: it never counts itself as dead', async () => {
    const { add, take, exchange, dropLease, recover } = system();
    const id = await add('default', 'mine');
    const [job] = await take(1);
    await dropLease('default', id);
    expect(await exchange.recover(10, Date.now())).toEqual({
      recovered: [],
      lapsed: [{ queue: 'default', id }],
    });
    await dropLease('default', id);
    expect(await recover()).toMatchObject([{ job: { id }, deaths: 1 }]);
    expect(await exchange.renew([job!])).toEqual([]);
    await exchange.exchange([{ job: job!, outcome: 'back', value: '' }], []);
    expect((await take(1)).map(({ deaths }) => deaths)).toEqual([0]);
  });

  it('are not looked for by a request that an outage has held up', async () => {
    const { add, take, exchangeOf, dropLease, recover } = system();
    const id = await add('default', 'of another');
    await take(1);
    await dropLease('default', id);
    const late = await exchangeOf('w2').recover(10, Date.now() - 5000);
    expect(late).toEqual({ recovered: [], lapsed: [] });
    expect(await recover()).toMatchObject([{ job: { id }, deaths: 1 }]);
  });

  it('that lapsed before a lost reply was missed are found again, too', async () => {
    const { add, take, exchange, dropLease } = system();
    const id = await add('default', 'unheard');
    await take(1);
    await dropLease('default', id);
    const [job] = await exchange.reclaim([]);
    expect(job?.id).toBe(id);
    expect((await exchange.exchange([done(job!)], [])).recorded).toEqual(['recorded']);
  });

  it('count deaths: once for a job among others, each time for one that ran alone', async () => {
    const { add, take, exchange, dropLease, recover } = system();
    const id = await add('default', 'suspect');
    const deaths: number[] = [];
    for (const alone of [false, false, true, true]) {
      const [job] = await take(1);
      deaths.push(job!.deaths);
      if (alone) await exchange.markAlone(job!);
      await dropLease('default', id);
      await recover();
    }
    const [job] = await take(1);
    expect([...deaths, job!.deaths]).toEqual([0, 1, 1, 2, 3]);
  });

  it('count no death for what was given back, however often, nor for a try that failed', async () => {
    const { add, take, exchange, keyspace } = system();
    const id = await add('default', 'drained', 20);
    const outcomes = ['back', 'back', 'retry', 'back', 'back', 'back', 'retry'] as const;
    for (const outcome of outcomes) {
      const [job] = await take(1);
      expect(job).toMatchObject({ id, deaths: 0 });
      await exchange.exchange([{ job: job!, outcome, value: '' }], []);
    }
    expect((await take(1))[0]).toMatchObject({ deaths: 0, attemptsMade: 2 });
    const { dswDeaths, atm, ats } = await redis.client.hgetall(keyspace.queue('default', id));
    // BullMQ's own count of starts has them all, and would have taken it for poison.
    expect([dswDeaths, atm, ats]).toEqual([undefined, '2', '8']);
  });
});
