import { describe, expect, it } from 'vitest';
import { Keyspace } from '../../src/queues/keyspace.js';
import { QueueSet } from '../../src/queues/queue-set.js';
import { startDsw } from '../support/dsw-process.js';
import { temporaryFolder } from '../support/folder.js';
import { useRedis } from '../support/redis.js';

const redis = useRedis();

describe('dsw beat', () => {
  it('sends the built-in tasks once, whoever stands by, and hands over at a clean stop', async () => {
    const prefix = redis.prefix();
    const options = { cwd: temporaryFolder(), env: { REDIS_URL: redis.url, DSW_PREFIX: prefix } };
    const first = startDsw(['beat'], options);
    const [, holder] = await first.says(/(beat-\w+) is the scheduler/);
    await first.says(/sent due task cleanup_orphaned_jobs \(due .*\) to maintenance/);
    const second = startDsw(['beat'], options);
    await second.says(new RegExp(`stands by: ${holder} is the scheduler`));
    expect((await first.stop()).code).toBe(0);
    await second.says(/(beat-\w+) is the scheduler/);
    const jobs = await new QueueSet(redis.client, new Keyspace(prefix))
      .of('maintenance')
      .getWaiting();
    expect(jobs.map(({ name }) => name).sort()).toEqual([
      'cleanup_old_files',
      'cleanup_orphaned_jobs',
    ]);
  });
});
