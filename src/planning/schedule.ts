import type { QueueName } from './queue-names.js';
import type { ScheduleRule } from './recurrence.js';

/** A periodic task. */
export interface Schedule {
  name: string;
  task: string;
  queue: QueueName;
  rule: ScheduleRule;
  /** Input of each job. */
  payload: unknown;
  /** Each tick is sent up to this much after it is due, always the same for one tick. */
  jitterSeconds: number;
  /**
   * What becomes of ticks that no beat was there to send: `skip`: nothing; `once`: the last of them
   * is sent; `all`: each is sent, at most `missedLimit`, the oldest fall away.
   */
  missed: 'skip' | 'once' | 'all';
  missedLimit: number;
  /** A tick later than this is overdue, and for `skip` missed. */
  lateAfterSeconds: number;
  /** Tries of each job. */
  attempts: number;
}
