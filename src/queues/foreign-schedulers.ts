import { QUEUE_NAMES } from '../planning/queue-names.js';
import type { Redis } from './connection.js';
import type { Keyspace } from './keyspace.js';

/** Something beside this system's own beat that sends periodic jobs. */
export interface ForeignScheduler {
  /** `bullmq`: job schedulers on queues of this system. `prefix`: the beat of another system. */
  kind: 'bullmq' | 'prefix';
  /** The queue, or the other system's prefix. */
  where: string;
  /** What it sends, as far as it can be told. */
  sends: string[];
}

/** Keys looked through for other systems, at most: a shared Redis may hold millions. */
const MAX_KEYS = 200_000;
const KEYS_PER_CALL = 1000;
const MAX_NAMES = 20;

/**
 * Looks for schedulers that nobody may know of: BullMQ's own on queues of this system, which send
 * beside the beat, and beats of systems under another prefix, which may be this one started with
 * the wrong settings.
 */
export async function findForeignSchedulers(
  redis: Redis,
  keyspace: Keyspace,
): Promise<ForeignScheduler[]> {
  return [...(await jobSchedulers(redis, keyspace)), ...(await otherBeats(redis, keyspace))];
}

async function jobSchedulers(redis: Redis, keyspace: Keyspace): Promise<ForeignScheduler[]> {
  const found = await Promise.all(
    QUEUE_NAMES.map(async (queue): Promise<ForeignScheduler> => {
      const sends = await redis.zrange(keyspace.queue(queue, 'repeat'), 0, String(MAX_NAMES - 1));
      return { kind: 'bullmq', where: queue, sends };
    }),
  );
  return found.filter(({ sends }) => sends.length > 0);
}

/** Beats at work: their lease is there. */
async function otherBeats(redis: Redis, keyspace: Keyspace): Promise<ForeignScheduler[]> {
  const own = keyspace.beat('lease');
  const suffix = own.slice(keyspace.prefix.length);
  const found: ForeignScheduler[] = [];
  let cursor = '0';
  let seen = 0;
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `{*}${suffix}`, 'COUNT', KEYS_PER_CALL);
    for (const key of keys) if (key !== own) found.push(await beatOf(redis, key, suffix));
    cursor = next;
    seen += KEYS_PER_CALL;
  } while (cursor !== '0' && seen < MAX_KEYS);
  return found;
}

async function beatOf(redis: Redis, leaseKey: string, suffix: string): Promise<ForeignScheduler> {
  const prefix = leaseKey.slice(0, -suffix.length);
  const sends = await redis.hkeys(`${prefix}:beat:schedules`);
  return { kind: 'prefix', where: prefix.slice(1, -1), sends: sends.slice(0, MAX_NAMES) };
}
