import type { Result } from 'ioredis';
import { QUEUE_NAMES, type QueueName } from '../planning/queue-names.js';
import type { BeatSnapshot, QueueSnapshot, SystemSnapshot } from '../planning/snapshot.js';
import type { Redis } from './connection.js';
import { readWorkerSigns, type BeatSign } from './heartbeats.js';
import type { Keyspace } from './keyspace.js';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    dswOldestWaiting(
      keyCount: number,
      wait: string,
      prefix: string,
    ): Result<string | null, Context>;
  }
}

/** When the job at the head of the queue was enqueued. */
const oldestWaitingScript = `
local id = redis.call('LINDEX', KEYS[1], -1)
return id and redis.call('HGET', ARGV[1] .. id, 'timestamp')
`;

const FIELDS_PER_QUEUE = 6;

/** Reads the state of the whole system in one pipelined round trip, however long the queues are. */
export async function readSnapshot(redis: Redis, keyspace: Keyspace): Promise<SystemSnapshot> {
  redis.defineCommand('dswOldestWaiting', { lua: oldestWaitingScript });
  const pipeline = redis
    .pipeline()
    .time()
    .hgetall(keyspace.workers)
    .hgetall(keyspace.beats)
    .get(keyspace.beatLease);
  for (const name of QUEUE_NAMES) {
    const key = (part: string): string => keyspace.queue(name, part);
    pipeline
      .llen(key('wait'))
      .llen(key('active'))
      .zcard(key('delayed'))
      .zcard(key('failed'))
      .zcard(key('completed'));
    pipeline.dswOldestWaiting(1, key('wait'), key(''));
  }
  const replies = ((await pipeline.exec()) ?? []).map(([error, reply]) => {
    if (error) throw error;
    return reply;
  });
  const [seconds, microseconds] = replies[0] as [string, string];
  const at = Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
  return {
    at,
    queues: QUEUE_NAMES.map((name, i) =>
      readQueue(name, replies.slice(4 + i * FIELDS_PER_QUEUE), at),
    ),
    workers: readWorkerSigns(replies[1] as Record<string, string>, at),
    beats: readBeats(replies[2] as Record<string, string>, replies[3] as string | null, at),
  };
}

function readQueue(name: QueueName, replies: readonly unknown[], at: number): QueueSnapshot {
  const count = (i: number): number => Number(replies[i] ?? 0);
  const oldest = replies[5];
  return {
    name,
    waiting: count(0),
    active: count(1),
    delayed: count(2),
    dead: count(3),
    completed: count(4),
    oldestWaitSeconds:
      typeof oldest === 'string' ? Math.max(0, (at - Number(oldest)) / 1000) : undefined,
  };
}

/** Standbys renew their sign every few seconds; one this old is gone. */
const BEAT_SIGN_SECONDS = 15;

function readBeats(hash: Record<string, string>, lease: string | null, at: number): BeatSnapshot[] {
  return Object.values(hash)
    .map((text) => {
      const space = text.indexOf(' ');
      return {
        seenAt: Number(text.slice(0, space)),
        sign: JSON.parse(text.slice(space + 1)) as BeatSign,
      };
    })
    .filter(({ seenAt }) => at - seenAt < BEAT_SIGN_SECONDS * 1000)
    .map(({ sign }) => ({ ...sign, holder: lease?.startsWith(`${sign.id}:`) ?? false }))
    .sort((a, b) => Number(b.holder) - Number(a.holder) || a.startedAt - b.startedAt);
}
