import type { QueueName } from '../planning/queue-names.js';
import type { JobRecord } from '../queues/job-record.js';

// Types that "dsw/client" exports: they may name nothing that a user's project has not installed.

/** What is to be done with documents. */
export interface SubmitOptions {
  queue: QueueName;
  task: string;
  /** Languages of the text, such as "eng" or "eng+deu". */
  languages: string;
  /** Language to translate what was read into, such as "es"; for the task "ocr". */
  translateTo?: string;
  /** Read the pages in several slots at once, for the task "ocr"; default: `ocr.splitPages` of the workers. */
  splitPages?: boolean;
  /** What else the task is told: `{ formats: ['text', 'pdf'] }` for "ocr", or input of your own. */
  input?: Record<string, unknown>;
  /**
   * Idempotency key, for one document: the same job for all who submit under it, while its record
   * is kept.
   */
  key?: string;
  /** The job is not to run before. */
  delaySeconds?: number;
  /** Place within its queue: 0 (default) goes first, then 1, 2, … up to 2097151. */
  priority?: number;
  /**
   * Address to tell when the job is done or dead: a signed POST (see `verifyWebhook`), tried
   * again until it is answered with 2xx. Workers need DSW_WEBHOOK_SECRET for it.
   */
  webhook?: string;
}

/** What was submitted, under which ids. */
export interface Submission {
  name: string;
  jobId: string;
  documentId: string;
  queue: QueueName;
}

/** A job as it is on record. Times in milliseconds since the epoch. */
export type JobStatus = Pick<
  JobRecord,
  | 'id'
  | 'queue'
  | 'task'
  | 'state'
  | 'progress'
  | 'attemptsMade'
  | 'enqueuedAt'
  | 'finishedAt'
  | 'result'
  | 'reason'
>;
