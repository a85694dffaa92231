import { describe, expect, it } from 'vitest';
import { Keyspace } from '../../src/queues/keyspace.js';
import { QueueSet } from '../../src/queues/queue-set.js';
import { ScheduleBook } from '../../src/queues/schedule-book.js';
import { SingletonLease } from '../../src/queues/singleton-lease.js';
import { TickEnqueuer, type Tick } from '../../src/queues/tick-enqueue.js';
import { useRedis } from '../support/redis.js';
import { scheduleOf } from '../support/schedules.js';

const redis = useRedis();

function scheduler(keyspace: Keyspace, id: string, leaseSeconds = 30): SingletonLease {
  return new SingletonLease(redis.client, keyspace.beatLease, id, leaseSeconds);
}

describe('SingletonLease', () => {
  it('is held by one, who keeps it by renewing', async () => {
    const keyspace = new Keyspace(redis.prefix());
    const [a, b] = [scheduler(keyspace, 'a'), scheduler(keyspace, 'b')];
    expect(await a.hold()).toMatchObject({ held: true, holder: 'a:1:30000' });
    expect(await b.hold()).toMatchObject({ held: false, holder: 'a:1:30000' });
    expect(await a.hold()).toMatchObject({ held: true, holder: 'a:1:30000' });
  });

  it('goes to the next at once after a release, with a higher token', async () => {
    const keyspace = new Keyspace(redis.prefix());
    const [a, b] = [scheduler(keyspace, 'a'), scheduler(keyspace, 'b')];
    await a.hold();
    await a.release();
    expect(await b.hold()).toMatchObject({ held: true, holder: 'b:2:30000' });
    await a.release();
    expect(await b.hold()).toMatchObject({ held: true, holder: 'b:2:30000' });
  });

  it('lasts no longer than its length, should the clock of Redis be set back', async () => {
    const keyspace = new Keyspace(redis.prefix());
    const [a, b] = [scheduler(keyspace, 'a'), scheduler(keyspace, 'b')];
    await a.hold();
    // What a clock set back by an hour leaves: more time than was ever given.
    await redis.client.pexpire(keyspace.beat('lease'), 3_600_000);
    expect((await b.hold()).remainingMs).toBe(30_000);
  });
});

describe('TickEnqueuer', () => {
  const payload = { maxAgeHours: 1 };
  const schedule = scheduleOf({ name: 'nightly', rule: { everySeconds: 1 }, payload });
  const tick = (dueAt: number): Tick => ({ schedule, dueAt, sendAt: dueAt, action: 'send' });

  async function system(leaseId: string) {
    const keyspace = new Keyspace(redis.prefix());
    const lease = scheduler(keyspace, leaseId);
    await lease.hold();
    return {
      keyspace,
      lease,
      queue: new QueueSet(redis.client, keyspace).of('maintenance'),
      ticks: new TickEnqueuer(redis.client, keyspace),
      book: new ScheduleBook(redis.client, keyspace),
    };
  }

  it('enqueues each tick once, also after its job is removed', async () => {
    const { queue, lease, ticks, book } = await system('a');
    const settle = async (dueAt: number) => (await ticks.settle(tick(dueAt), lease.token)).outcome;
    expect(await settle(1000)).toBe('sent');
    expect(await settle(1000)).toBe('stale');
    await queue.obliterate({ force: true });
    expect(await settle(1000)).toBe('stale');
    expect(await settle(500)).toBe('stale');
    expect(await settle(2000)).toBe('sent');
    expect(await queue.getWaitingCount()).toBe(1);
    expect((await book.read()).lastTicks).toEqual(new Map([['nightly', 2000]]));
  });

  it('is refused to a scheduler that lost the lease without knowing', async () => {
    const { keyspace, queue, lease: frozen, ticks } = await system('frozen');
    const successor = scheduler(keyspace, 'successor');
    const staleToken = frozen.token;
    await redis.client.del(keyspace.beat('lease'));
    await successor.hold();
    expect((await ticks.settle(tick(1000), staleToken)).outcome).toBe('fenced');
    expect((await ticks.settle(tick(1000), '')).outcome).toBe('fenced');
    expect(await queue.getWaitingCount()).toBe(0);
    const { jobId } = await ticks.settle(tick(1000), successor.token);
    expect(await queue.getJob(jobId)).toMatchObject({
      name: 'cleanup_old_files',
      data: { version: 1, input: { maxAgeHours: 1 }, label: 'nightly', dueAt: 1000 },
      opts: { attempts: 3 },
    });
  });

  it("sends nothing before its time by Redis's clock, and nothing of a paused schedule", async () => {
    const { queue, lease, ticks, book } = await system('a');
    const early = await ticks.settle(tick(Date.now() + 3_600_000), lease.token);
    expect(early.outcome).toBe('early');
    expect(await book.pause('nightly')).toBe(true);
    expect(await book.pause('nightly')).toBe(false);
    expect((await ticks.settle(tick(1000), lease.token)).outcome).toBe('paused');
    expect(await queue.getWaitingCount()).toBe(0);
    expect(await book.resume('nightly')).toBe('resumed');
    // What fell into the pause is settled.
    expect((await ticks.settle(tick(1000), lease.token)).outcome).toBe('stale');
  });

  it('records a tick that is not made up for without a job', async () => {
    const { queue, lease, ticks } = await system('a');
    const dropped = await ticks.settle({ ...tick(1000), action: 'drop' }, lease.token);
    expect(dropped).toMatchObject({ outcome: 'sent', jobId: '' });
    expect((await ticks.settle(tick(1000), lease.token)).outcome).toBe('stale');
    expect(await queue.getWaitingCount()).toBe(0);
  });

  it('runs by hand beside its ticks', async () => {
    const { queue, lease, ticks } = await system('a');
    await ticks.settle(tick(1000), lease.token);
    const id = await ticks.run(schedule);
    expect((await ticks.settle(tick(2000), lease.token)).outcome).toBe('sent');
    expect(await queue.getWaitingCount()).toBe(3);
    expect((await queue.getJob(id))?.data).not.toHaveProperty('dueAt');
  });
});
