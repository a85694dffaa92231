import type { QueueName } from '../planning/queue-names.js';
import { readPartsProgress, type PartsProgress } from './job-parts.js';

/** A job that this worker owns until its lease runs out. */
export interface LeasedJob {
  id: string;
  queue: QueueName;
  /** Proof of ownership; another lease of the same job has another token. */
  token: string;
  task: string;
  /** The payload as JSON, unread. */
  data: string;
  /** Tries that ended before this one, and how many are allowed. */
  attemptsMade: number;
  attempts: number;
  /** Workers that died while they ran it. */
  deaths: number;
  /** It broke the slot that it ran in. */
  brokeSlot: boolean;
  /** Somebody cancelled it while another worker ran it. */
  cancelled: boolean;
  enqueuedAt: number;
  /**
   * Since when it could run: when its delay or backoff was over, its parts were done, its worker was
   * found dead, or it was interrupted. Milliseconds since the epoch, as all times here.
   */
  readyAt: number;
  leasedAt: number;
  /** The trace that it is part of. */
  trace: string | undefined;
  /** When it was split and its parts are done: how that went. It has to do the rest itself. */
  parts?: PartsProgress | undefined;
}

/** What dsw needs of BullMQ's job options, by the names that they are stored under. */
interface StoredOptions {
  attempts?: number;
  delay?: number;
  /** "telemetry metadata" */
  tm?: unknown;
}

/** A leased job as scripts reply it: queue number from 1, token, id, and its record field by field. */
export type LeasedReply = [queue: number, token: string, id: string, record: string[]];

/** The trace that a job is part of. @param options BullMQ's, as JSON. */
export function traceOf(options: string): string | undefined {
  return traceIn(JSON.parse(options) as StoredOptions);
}

function traceIn({ tm }: StoredOptions): string | undefined {
  return typeof tm === 'string' ? tm : undefined;
}

export function readLeasedJob(
  [queue, token, id, record]: LeasedReply,
  queues: readonly QueueName[],
): LeasedJob {
  const fields = new Map<string, string>();
  for (let i = 0; i + 1 < record.length; i += 2) fields.set(record[i] ?? '', record[i + 1] ?? '');
  const options = JSON.parse(fields.get('opts') ?? '{}') as StoredOptions;
  const enqueuedAt = Number(fields.get('timestamp'));
  const parts = readPartsProgress(JSON.parse(fields.get('progress') ?? 'null'));
  return {
    id,
    queue: queues[queue - 1] as QueueName,
    token,
    task: fields.get('name') ?? '',
    data: fields.get('data') ?? '',
    attemptsMade: Number(fields.get('atm') ?? 0),
    attempts: options.attempts ?? 1,
    deaths: Number(fields.get('dswDeaths') ?? 0),
    brokeSlot: fields.has('dswBrokeSlot'),
    cancelled: fields.has('dswCancelled'),
    enqueuedAt,
    readyAt: readyAtOf(fields.get('dswReadyAt'), parts, enqueuedAt + (options.delay ?? 0)),
    leasedAt: Number(fields.get('processedOn')),
    trace: traceIn(options),
    parts,
  };
}

/**
 * Since when a job could run.
 * @param noted what its record says: it had a delay or a try since it was enqueued.
 * @param first when it could be run first.
 */
export function readyAtOf(
  noted: string | undefined,
  parts: PartsProgress | undefined,
  first: number,
): number {
  if (noted === undefined) return parts?.readyAt ?? first;
  return Math.max(Number(noted), parts?.readyAt ?? 0);
}
