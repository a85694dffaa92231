import type { RecoveredJob, SettledJob } from '../queues/job-exchange.js';
import { documentIdOf, peekPayload } from '../queues/job-payload.js';
import type { JobTracing } from '../queues/job-tracing.js';
import type { LeasedJob } from '../queues/leased-job.js';
import type { SlotReply } from './slot-messages.js';

/** Has every try traced that ends in this worker, and those that it finds to have ended with theirs. */
export class TryTraces {
  readonly #tracing: JobTracing;
  readonly #worker: string;

  constructor(tracing: JobTracing, worker: string) {
    this.#tracing = tracing;
    this.#worker = worker;
  }

  settled({ job, outcome }: SettledJob, { endedAt, serviceMs, pages }: SlotReply): void {
    const times = { startedAt: endedAt - serviceMs, endedAt };
    const documentId = documentOf(job);
    this.#tracing.tried({ job, worker: this.#worker, documentId, outcome, ...times, pages });
  }

  /** A try whose worker is gone. How far it came is not known. */
  stalled({ job, worker }: RecoveredJob, now: number): void {
    const startedAt = job.leasedAt;
    const times = { startedAt, endedAt: Math.max(startedAt, now) };
    const documentId = documentOf(job);
    this.#tracing.tried({ job, worker, documentId, outcome: 'stalled', ...times, pages: [] });
  }
}

function documentOf({ data }: LeasedJob): string | undefined {
  return documentIdOf(peekPayload(data)?.input);
}
