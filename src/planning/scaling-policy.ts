import type { QueueName } from './queue-names.js';

/** When replicas are added and removed. Every "for a while" is a number of seconds. */
export interface ScalingPolicy {
  minReplicas: number;
  maxReplicas: number;
  /** Queues whose waiting jobs count; what may wait calls for no replica. */
  queues: readonly QueueName[];
  /** Add one when more jobs than this wait, for so long … */
  addAboveWaiting: number;
  addAfterSeconds: number;
  /** … and the last change is so long ago. */
  addCooldownSeconds: number;
  /**
   * Remove one when fewer jobs than this wait and utilization is lower than that, for so long …
   * At most `addAboveWaiting` + 1, so that no state calls for both.
   */
  removeBelowWaiting: number;
  removeBelowUtilization: number;
  removeAfterSeconds: number;
  /** … and the last change is so long ago. */
  removeCooldownSeconds: number;
  /** A replica that was asked for counts as on its way for so long. */
  bootSeconds: number;
}
