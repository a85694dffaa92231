import type { JobRecord } from '../queues/job-record.js';
import type { JobEvent } from '../queues/job-watch.js';
import type { DswClient, NewDocument } from './client.js';
import type { Submission, SubmitOptions } from './submission.js';

/** Records are read again this often, should an event have been missed. */
const RECHECK_MS = 5000;

export interface FollowedJob {
  submission: Submission;
  record: JobRecord;
}

/**
 * Submits documents and waits until each job is done or a dead letter.
 * @param onEvent told of each step, with the document's name.
 * @param onSubmitted told under which ids: who stops waiting finds the jobs by them.
 * @returns the jobs in the order of the documents.
 */
export async function submitAndWait(
  client: DswClient,
  documents: readonly NewDocument[],
  options: SubmitOptions,
  onEvent: (event: JobEvent, name: string) => void,
  onSubmitted: (submissions: readonly Submission[]) => void = () => undefined,
): Promise<FollowedJob[]> {
  const pending = new Map<string, Submission>();
  const ended = new Map<string, JobRecord>();
  const bell = new Bell();
  /** Jobs in parts: when they run again for what is left, nobody needs to hear that they started. */
  const inParts = new Set<string>();
  const watch = await client.watch(options.queue, (event) => {
    const submission = pending.get(event.id);
    if (!submission) return;
    if (event.kind === 'progress') inParts.add(event.id);
    if (event.kind === 'retrying') inParts.delete(event.id);
    if (event.kind !== 'started' || !inParts.has(event.id)) onEvent(event, submission.name);
    if (event.kind === 'done' || event.kind === 'dead') bell.ring(event.id);
  });
  try {
    const submissions = await client.submit(documents, options);
    onSubmitted(submissions);
    for (const submission of submissions) pending.set(submission.jobId, submission);
    // The first look is at all: a job may have ended before its id was known here.
    for (let rung: string[] | undefined; pending.size > 0; rung = await bell.next(RECHECK_MS)) {
      for (const id of rung ?? [...pending.keys()]) {
        // Under a key, the job may be in another queue than this submit named.
        const queue = pending.get(id)?.queue ?? options.queue;
        const record = await client.job(queue, id);
        if (record?.state !== 'done' && record?.state !== 'dead') continue;
        ended.set(id, record);
        pending.delete(id);
      }
      if (pending.size === 0) break;
    }
    return submissions.flatMap((submission) => {
      const record = ended.get(submission.jobId);
      return record ? [{ submission, record }] : [];
    });
  } finally {
    await watch.close();
  }
}

/** Hands over the ids that were rung since the last look. */
class Bell {
  #rung: string[] = [];
  #wake: () => void = () => undefined;

  ring(id: string): void {
    this.#rung.push(id);
    this.#wake();
  }

  /** The ids rung, or undefined when none was for `quietMs`. */
  async next(quietMs: number): Promise<string[] | undefined> {
    if (this.#rung.length === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, quietMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    const rung = this.#rung;
    this.#rung = [];
    return rung.length > 0 ? rung : undefined;
  }
}
