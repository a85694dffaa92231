import { documentIdOf, peekPayload } from '../queues/job-payload.js';
import type { JobTracing } from '../queues/job-tracing.js';
import type { JobRunnerOptions } from './job-runner.js';

/** Has every try that ends in this worker traced. */
export function traceTries(
  tracing: JobTracing,
  worker: string,
): NonNullable<JobRunnerOptions['onSettled']> {
  return ({ job, outcome }, { endedAt, serviceMs, pages }) =>
    tracing.tried({
      job,
      worker,
      documentId: documentIdOf(peekPayload(job.data)?.input),
      outcome,
      startedAt: endedAt - serviceMs,
      endedAt,
      pages,
    });
}
