import type { DswClient } from '../client/client.js';
import { submitAndWait, type FollowedJob } from '../client/follow.js';
import { QUEUE_NAMES } from '../planning/queue-names.js';
import type { JobEvent } from '../queues/job-watch.js';
import { readSamples } from './samples.js';

/** Sends the sample documents over all four queues and waits for what becomes of them. */
export async function runDemo(
  client: DswClient,
  onEvent: (event: JobEvent, name: string) => void,
): Promise<FollowedJob[]> {
  const samples = readSamples();
  const followed = await Promise.all(
    QUEUE_NAMES.map((queue, i) =>
      submitAndWait(
        client,
        samples.filter((_, at) => at % QUEUE_NAMES.length === i),
        { queue, task: 'ocr', languages: 'eng' },
        onEvent,
      ),
    ),
  );
  return followed.flat();
}
