import type { QueueName } from '../planning/queue-names.js';
import type { SettledJob } from './job-exchange.js';
import type { LeasedJob } from './leased-job.js';
import {
  SPAN_KIND,
  type Span,
  type SpanAttributes,
  type SpanKind,
  type SpanOptions,
  type Telemetry,
} from './telemetry.js';

/** A job on its way into a queue. */
export interface AddedJob {
  id: string;
  queue: QueueName;
  task: string;
  documentId?: string | undefined;
  schedule?: string;
}

/** One try of a job that is over. Times in milliseconds since the epoch. */
export interface TracedTry {
  job: LeasedJob;
  worker: string;
  documentId: string | undefined;
  /** `stalled`: its worker is gone, and its lease ran out. */
  outcome: SettledJob['outcome'] | 'stalled';
  startedAt: number;
  endedAt: number;
  /** When each page was begun. */
  pages: readonly { number: number; at: number }[];
}

/** A span under way, and what has to be carried on for others to be part of it. */
export interface OpenSpan {
  metadata: string;
  /** @param problem what went wrong, in words without content. */
  end(problem?: string, attributes?: SpanAttributes): void;
}

/**
 * Traces what becomes of jobs, from process to process: the span of an enqueue is kept in the job's
 * options, where BullMQ keeps it (`tm`), and all that follows is part of it. Spans tell ids, names of
 * queues and tasks, times and outcomes; no content, no file name, no reason of a failure.
 */
export class JobTracing {
  readonly #telemetry: Telemetry;

  constructor(telemetry: Telemetry) {
    this.#telemetry = telemetry;
  }

  /** Opens the span of an enqueue. One that is never ended is never told. */
  adding({ id, queue, task, documentId, schedule }: AddedJob): OpenSpan {
    const { contextManager } = this.#telemetry;
    return this.#open(`add ${queue}.${task}`, SPAN_KIND.producer, contextManager.active(), {
      ...jobAttributes({ id, queue, task }),
      ...(documentId === undefined ? {} : { 'dsw.document.id': documentId }),
      ...(schedule === undefined ? {} : { 'dsw.schedule': schedule }),
    });
  }

  /** Tells of a try with its pages, and of the wait before the first one. */
  tried({ job, worker, documentId, outcome, startedAt, endedAt, pages }: TracedTry): void {
    const parent = this.#parentOf(job.trace);
    const attributes = jobAttributes(job);
    const what = `${job.queue}.${job.task}`;
    if (job.attemptsMade === 0 && job.deaths === 0) {
      const wait = this.#start(`wait ${what}`, { startTime: job.readyAt }, parent);
      wait.setAttributes(attributes);
      wait.end(Math.max(job.readyAt, job.leasedAt));
    }
    const options = { kind: SPAN_KIND.consumer, startTime: startedAt };
    const run = this.#start(`process ${what}`, options, parent);
    run.setAttributes({
      ...attributes,
      'bullmq.job.attempts.made': job.attemptsMade + 1,
      'bullmq.worker.name': worker,
      'dsw.outcome': outcome === 'failed' ? 'dead' : outcome,
      ...(documentId === undefined ? {} : { 'dsw.document.id': documentId }),
      ...(pages.length === 0 ? {} : { 'dsw.pages': pages.length }),
    });
    for (const [i, { number, at }] of pages.entries()) {
      const page = this.#start('page', { startTime: at }, run.setSpanOnContext(parent));
      page.setAttributes({ 'dsw.page': number });
      page.end(pages[i + 1]?.at ?? endedAt);
    }
    if (outcome === 'failed') markFailed(run, 'the job is a dead letter');
    if (outcome === 'retry') markFailed(run, 'the try failed');
    if (outcome === 'stalled') markFailed(run, 'its lease ran out: its worker is gone');
    run.end(endedAt);
  }

  /** Opens the span of a call that tells somebody of a job's end. */
  calling(
    job: { id: string; queue: QueueName; task: string },
    trace: string | undefined,
    attempt: number,
  ): OpenSpan {
    const name = `webhook ${job.queue}.${job.task}`;
    return this.#open(name, SPAN_KIND.client, this.#parentOf(trace), {
      ...jobAttributes(job),
      'dsw.attempt': attempt,
    });
  }

  #open(name: string, kind: SpanKind, parent: unknown, attributes: SpanAttributes): OpenSpan {
    const span = this.#start(name, { kind }, parent);
    span.setAttributes(attributes);
    return {
      metadata: this.#telemetry.contextManager.getMetadata(span.setSpanOnContext(parent)),
      end(problem, more) {
        if (more) span.setAttributes(more);
        if (problem !== undefined) markFailed(span, problem);
        span.end();
      },
    };
  }

  #start(name: string, options: Partial<SpanOptions>, parent: unknown): Span {
    const { tracer } = this.#telemetry;
    return tracer.startSpan(name, { kind: SPAN_KIND.internal, ...options }, parent);
  }

  /** The context that a job carries; of one that carries none, or something else, an empty one. */
  #parentOf(trace: string | undefined): unknown {
    const { contextManager } = this.#telemetry;
    const active = contextManager.active();
    if (trace === undefined) return active;
    try {
      return contextManager.fromMetadata(active, trace);
    } catch {
      return active;
    }
  }
}

function jobAttributes(job: { id: string; queue: QueueName; task: string }): SpanAttributes {
  return { 'bullmq.queue.name': job.queue, 'bullmq.job.name': job.task, 'bullmq.job.id': job.id };
}

function markFailed(span: Span, message: string): void {
  span.recordException({ name: 'JobFailed', message });
}
