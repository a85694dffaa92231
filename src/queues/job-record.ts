import type { QueueName } from '../planning/queue-names.js';
import { oneLine, oneMessage } from '../shown-text.js';
import { describeParts, readPartsProgress } from './job-parts.js';
import { readyAtOf } from './leased-job.js';

/** States of a job. `delayed`: not to run before some time. `dead`: a dead letter. */
export const JOB_STATES = ['waiting', 'running', 'delayed', 'done', 'dead'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** What is on record of one job; of texts from outside, what can be shown. Times in milliseconds since the epoch. */
export interface JobRecord {
  id: string;
  queue: QueueName;
  task: string;
  label: string | undefined;
  state: JobState;
  input: unknown;
  enqueuedAt: number;
  /** Since when it could run, the last time: delays and backoffs are over by then. */
  readyAt: number;
  /** How far its parts are, when it was split: "12/20 pages". */
  progress: string | undefined;
  /** Start of the last try; of a job that was split, before it was. */
  startedAt: number | undefined;
  finishedAt: number | undefined;
  attemptsMade: number;
  /** How many there may be: once it was tried, as its task says. */
  attempts: number;
  /** The worker that ran it last, or runs it. */
  worker: string | undefined;
  result: unknown;
  /** Why the last try failed. */
  reason: string | undefined;
  /** Where the last try failed. */
  stack: string | undefined;
}

/** Reads a job's record as it lies in Redis: BullMQ's fields and dsw's. */
export function recordOf(
  id: string,
  queue: QueueName,
  state: JobState,
  fields: Readonly<Record<string, string>>,
): JobRecord {
  const payload = (parse(fields.data) ?? {}) as { label?: unknown; input?: unknown };
  const options = (parse(fields.opts) ?? {}) as { attempts?: number; delay?: number };
  const enqueuedAt = number(fields.timestamp) ?? 0;
  const parts = readPartsProgress(parse(fields.progress));
  const failed = state === 'dead' || state === 'delayed';
  return {
    id,
    queue,
    task: fields.name ?? '',
    label: typeof payload.label === 'string' ? oneLine(payload.label) : undefined,
    state,
    input: payload.input,
    enqueuedAt,
    readyAt: readyAtOf(fields.dswReadyAt, parts, enqueuedAt + (options.delay ?? 0)),
    progress: parts && describeParts(parts),
    startedAt: parts?.begunAt ?? number(fields.processedOn),
    finishedAt: number(fields.finishedOn),
    attemptsMade: number(fields.atm) ?? 0,
    attempts: number(fields.dswAttempts) ?? options.attempts ?? 1,
    worker: fields.pb,
    result: parse(fields.returnvalue),
    reason: failed && fields.failedReason ? oneMessage(fields.failedReason) : undefined,
    stack: failed ? lastStack(fields.stacktrace) : undefined,
  };
}

/** Of all tries' stacks the last. */
function lastStack(stacks: string | undefined): string | undefined {
  const last = (parse(stacks) as string[] | undefined)?.at(-1);
  return last?.split('\n').map(oneLine).join('\n');
}

function number(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

/** Other programs may put into a queue what they like. */
function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return text;
  }
}
