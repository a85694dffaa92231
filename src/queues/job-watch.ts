import { QueueEvents } from 'bullmq';
import type { QueueName } from '../planning/queue-names.js';
import type { Redis } from './connection.js';
import { describeParts, readPartsProgress } from './job-parts.js';
import type { Keyspace } from './keyspace.js';
import { oneMessage } from '../shown-text.js';

/** What a watcher is told of a job. */
export type JobEvent =
  | { kind: 'started'; id: string }
  | { kind: 'progress'; id: string; progress: string }
  | { kind: 'done'; id: string; result: unknown }
  | { kind: 'retrying'; id: string }
  | { kind: 'dead'; id: string; reason: string };

/** Follows what happens to the jobs of one queue, from the moment `open` is called. */
export class JobWatch {
  readonly #events: QueueEvents;

  private constructor(events: QueueEvents) {
    this.#events = events;
  }

  static async open(
    redis: Redis,
    keyspace: Keyspace,
    queue: QueueName,
    listener: (event: JobEvent) => void,
  ): Promise<JobWatch> {
    // From the last event on: what happens between this call and the first read is not missed.
    const [last] = await redis.xrevrange(keyspace.queue(queue, 'events'), '+', '-', 'COUNT', 1);
    const events = new QueueEvents(queue, {
      connection: redis,
      prefix: keyspace.prefix,
      lastEventId: last?.[0] ?? '0-0',
    });
    events.on('error', () => undefined);
    events.on('active', ({ jobId }) => listener({ kind: 'started', id: jobId }));
    events.on('progress', ({ jobId, data }) =>
      listener({
        kind: 'progress',
        id: jobId,
        progress: describeProgress(data),
      }),
    );
    events.on('delayed', ({ jobId }) => listener({ kind: 'retrying', id: jobId }));
    events.on('failed', ({ jobId, failedReason }) =>
      listener({ kind: 'dead', id: jobId, reason: oneMessage(failedReason) }),
    );
    events.on('completed', ({ jobId, returnvalue }) => {
      listener({ kind: 'done', id: jobId, result: parseResult(returnvalue) });
    });
    await events.waitUntilReady();
    return new JobWatch(events);
  }

  async close(): Promise<void> {
    await this.#events.close();
  }
}

function describeProgress(data: unknown): string {
  const parts = readPartsProgress(data);
  if (parts) return describeParts(parts);
  return typeof data === 'string' ? data : JSON.stringify(data);
}

function parseResult(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
