import { Queue } from 'bullmq';
import { describe, expect, it } from 'vitest';
import { findForeignSchedulers } from '../../src/queues/foreign-schedulers.js';
import { Keyspace } from '../../src/queues/keyspace.js';
import { SingletonLease } from '../../src/queues/singleton-lease.js';
import { useRedis } from '../support/redis.js';

const redis = useRedis();

describe('findForeignSchedulers', () => {
  it("finds BullMQ's job schedulers on this system's queues and beats of other systems", async () => {
    const keyspace = new Keyspace(redis.prefix());
    const other = new Keyspace(redis.prefix());
    await new SingletonLease(redis.client, keyspace.beatLease, 'own', 30).hold();
    expect(await findForeignSchedulers(redis.client, keyspace)).toEqual([]);

    await new SingletonLease(redis.client, other.beatLease, 'stray', 30).hold();
    await redis.client.hset(other.beat('schedules'), 'cleanup_old_files', '{}');
    const queue = new Queue('maintenance', {
      connection: redis.client,
      prefix: keyspace.prefix,
    });
    await queue.upsertJobScheduler('nightly', { pattern: '0 3 * * *' });
    await queue.close();
    expect(await findForeignSchedulers(redis.client, keyspace)).toEqual([
      { kind: 'bullmq', where: 'maintenance', sends: ['nightly'] },
      { kind: 'prefix', where: other.prefix.slice(1, -1), sends: ['cleanup_old_files'] },
    ]);
  });
});
