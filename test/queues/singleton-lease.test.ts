import { describe, expect, it } from 'vitest';
import { Keyspace } from '../../src/queues/keyspace.js';
import { QueueSet } from '../../src/queues/queue-set.js';
import { SingletonLease } from '../../src/queues/singleton-lease.js';
import { TickEnqueuer, type Tick } from '../../src/queues/tick-enqueue.js';
import { useRedis } from '../support/redis.js';

const redis = useRedis();

function scheduler(keyspace: Keyspace, id: string, leaseSeconds = 30): SingletonLease {
  const keys = { lease: keyspace.beat('lease'), fence: keyspace.beat('fence') };
  return new SingletonLease(redis.client, keys, id, leaseSeconds);
}

describe('SingletonLease', () => {
  it('is held by one, who keeps it by renewing', async () => {
    const keyspace = new Keyspace(redis.prefix());
    const [a, b] = [scheduler(keyspace, 'a'), scheduler(keyspace, 'b')];
    expect(await a.hold()).toEqual({ held: true, holder: 'a:1' });
    expect(await b.hold()).toEqual({ held: false, holder: 'a:1' });
    expect(await a.hold()).toEqual({ held: true, holder: 'a:1' });
  });

  it('goes to the next at once after a release, with a higher token', async () => {
    const keyspace = new Keyspace(redis.prefix());
    const [a, b] = [scheduler(keyspace, 'a'), scheduler(keyspace, 'b')];
    await a.hold();
    await a.release();
    expect(await b.hold()).toEqual({ held: true, holder: 'b:2' });
    await a.release();
    expect(await b.hold()).toEqual({ held: true, holder: 'b:2' });
  });
});

describe('TickEnqueuer', () => {
  const tick = (dueAt: number): Tick => ({
    schedule: 'nightly',
    dueAt,
    queue: 'maintenance',
    task: 'cleanup_old_files',
    input: { maxAgeHours: 1 },
    attempts: 3,
  });

  it('enqueues each tick once, also after its job is removed', async () => {
    const keyspace = new Keyspace(redis.prefix());
    const queue = new QueueSet(redis.client, keyspace).of('maintenance');
    const lease = scheduler(keyspace, 'a');
    const ticks = new TickEnqueuer(redis.client, keyspace);
    await lease.hold();
    expect(await ticks.enqueue(tick(1000), lease.token, 1001)).toHaveProperty('jobId');
    expect(await ticks.enqueue(tick(1000), lease.token, 1002)).toBe('stale');
    await queue.obliterate({ force: true });
    expect(await ticks.enqueue(tick(1000), lease.token, 1003)).toBe('stale');
    expect(await ticks.enqueue(tick(500), lease.token, 1003)).toBe('stale');
    expect(await ticks.enqueue(tick(2000), lease.token, 2001)).toHaveProperty('jobId');
    expect(await queue.getWaitingCount()).toBe(1);
    expect(await ticks.lastTicks()).toEqual(new Map([['nightly', 2000]]));
  });

  it('is refused to a scheduler that lost the lease without knowing', async () => {
    const keyspace = new Keyspace(redis.prefix());
    const queue = new QueueSet(redis.client, keyspace).of('maintenance');
    const [frozen, successor] = [scheduler(keyspace, 'frozen'), scheduler(keyspace, 'successor')];
    const ticks = new TickEnqueuer(redis.client, keyspace);
    await frozen.hold();
    await redis.client.del(keyspace.beat('lease'));
    await successor.hold();
    expect(await ticks.enqueue(tick(1000), frozen.token, 1001)).toBe('fenced');
    expect(await ticks.enqueue(tick(1000), '', 1001)).toBe('fenced');
    expect(await queue.getWaitingCount()).toBe(0);
    const [job] = [await ticks.enqueue(tick(1000), successor.token, 1001)];
    expect(await queue.getJob((job as { jobId: string }).jobId)).toMatchObject({
      name: 'cleanup_old_files',
      data: { version: 1, input: { maxAgeHours: 1 }, label: 'nightly' },
      opts: { attempts: 3 },
    });
  });
});
