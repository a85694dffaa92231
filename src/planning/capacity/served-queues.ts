import { QUEUE_NAMES, type QueueName } from '../queue-names.js';
import type { Profile, QueueProfile } from './profile.js';

export interface ServedQueue {
  queue: QueueName;
  given: QueueProfile;
}

/** Queues that get jobs, most urgent first. */
export function servedQueues({ queues }: Pick<Profile, 'queues'>): ServedQueue[] {
  return QUEUE_NAMES.flatMap((queue) => {
    const given = queues[queue];
    return given === undefined ? [] : [{ queue, given }];
  });
}
