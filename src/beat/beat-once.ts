import type { Logger } from '../log.js';
import { closeRedis, connectRedis } from '../queues/connection.js';
import { Keyspace } from '../queues/keyspace.js';
import { SingletonLease } from '../queues/singleton-lease.js';
import { newBeatId, type BeatOptions } from './beat-options.js';
import { Scheduler, type SentTick } from './scheduler.js';

export interface OnceReport {
  sent: SentTick[];
  /** Another scheduler, which is at work: nothing was left to do. */
  holder: string | undefined;
}

/**
 * Enqueues what is due now and ends: for a platform that starts a command every few minutes.
 * @throws DswError `unavailable` when Redis does not answer.
 */
export async function beatOnce(options: BeatOptions, log: Logger): Promise<OnceReport> {
  const id = newBeatId();
  const keyspace = new Keyspace(options.prefix);
  const redis = await connectRedis(options.redisUrl, { name: id, manner: 'brisk' });
  const lease = new SingletonLease(redis, keyspace.beatLease, id, options.leaseSeconds);
  try {
    const scheduler = new Scheduler(redis, keyspace, options, log);
    const sent: SentTick[] = [];
    for (;;) {
      const { held, holder, now } = await lease.hold();
      if (!held) return { sent, holder: holder.split(':')[0] };
      const turn = await scheduler.turn(now, lease.token);
      sent.push(...turn.sent);
      if (turn.nextAt > now) return { sent, holder: undefined };
    }
  } finally {
    // Also after a failure: the next run need not wait for the lease to end.
    await lease.release().catch(() => undefined);
    await closeRedis(redis);
  }
}
