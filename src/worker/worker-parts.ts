import type { Logger } from '../log.js';
import { JobTracing } from '../queues/job-tracing.js';
import type { LeasedJob } from '../queues/leased-job.js';
import { Dispatcher } from './dispatcher.js';
import { JobRunner, type JobRunnerOptions } from './job-runner.js';
import type { Restraint } from './restraint.js';
import { ServiceTimes } from './service-times.js';
import type { SlotPool } from './slot-pool.js';
import { Watchdog } from './watchdog.js';
import { TryTraces } from './try-traces.js';
import { WebhookSender } from './webhook-sender.js';
import { WorkerLink } from './worker-link.js';
import type { WorkerOptions } from './worker-options.js';
import type { WorkerReport } from './worker-report.js';

/** What a worker is made of once Redis has answered. */
export interface Parts {
  link: WorkerLink;
  runner: JobRunner;
  dispatcher: Dispatcher;
  watchdog: Watchdog;
  webhooks: WebhookSender;
  traces: TryTraces | undefined;
}

export interface PartsOptions {
  name: string;
  options: WorkerOptions;
  slots: SlotPool;
  report: WorkerReport;
  restraint: Restraint;
  log: Logger;
  /** Aborted when the worker is to end before Redis has answered. */
  signal: AbortSignal;
}

/** Connects a worker to Redis and joins its parts. */
export async function connectParts(given: PartsOptions): Promise<Parts> {
  const { name, options, slots, report, restraint, log, signal } = given;
  const { retry, limits } = options;
  const link = await WorkerLink.connect(name, options, log, signal);
  await link.poison.refresh(Date.now());
  const times = new ServiceTimes();
  const observer = report.observe(link, log);
  const onStoreFull = (reason: string): void => restraint.storeFull(reason);
  const tracing = options.telemetry && new JobTracing(options.telemetry);
  const traces = tracing && new TryTraces(tracing, name);
  const onSettled: JobRunnerOptions['onSettled'] =
    traces && ((settled, reply) => traces.settled(settled, reply));
  const runner = new JobRunner({ slots, retry, times, observer, onSettled, onStoreFull, log });
  const dispatcher = new Dispatcher(link, runner, times, options);
  const takeBack = (jobs: readonly LeasedJob[]): void => dispatcher.takeBack(jobs);
  const watchdog = new Watchdog({ slots, limits, takeBack });
  const webhooks = new WebhookSender(link.outbox, options.webhooks, log, tracing);
  return { link, runner, dispatcher, watchdog, webhooks, traces };
}
