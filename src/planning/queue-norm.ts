import type { QueueName } from './queue-names.js';
import { formatSeconds } from './readable.js';
import type { QueueSnapshot } from './snapshot.js';

/** How much may wait in a queue before that is news: urgent work nearly nothing, maintenance a lot. */
export interface QueueNorm {
  waiting: number;
  /** How long its oldest job may wait. */
  waitSeconds: number;
}

export type QueueNorms = Record<QueueName, QueueNorm>;

/** What is beyond a queue's norm, in a few words; undefined when nothing is. */
export function beyondNorm(
  { waiting, oldestWaitSeconds }: QueueSnapshot,
  norm: QueueNorm,
): string | undefined {
  if (waiting > norm.waiting) return `${waiting} wait, its norm is at most ${norm.waiting}`;
  if (oldestWaitSeconds === undefined || oldestWaitSeconds <= norm.waitSeconds) return undefined;
  return `one waits for ${formatSeconds(oldestWaitSeconds)}, its norm is at most ${formatSeconds(norm.waitSeconds)}`;
}
