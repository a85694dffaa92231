import { randomBytes } from 'node:crypto';
import { StartStop } from '../lifecycle.js';
import type { Logger } from '../log.js';
import { backoffSeconds } from '../planning/backoff.js';
import { Periodic } from '../periodic.js';
import type { FinishedJob, LeasedJob } from '../queues/job-exchange.js';
import { redactRedisUrl } from '../queues/redis-address.js';
import { Dispatcher } from './dispatcher.js';
import { SlotPool } from './slot-pool.js';
import type { SlotReply } from './slot-messages.js';
import { WorkerLink } from './worker-link.js';
import type { WorkerOptions } from './worker-options.js';
import { WorkerReport } from './worker-report.js';

/** Stalled jobs are looked for this often. */
const STALLED_CHECK_SECONDS = 5;
/** A lease is renewed so often before it would run out. */
const RENEWALS_PER_LEASE = 3;
/** Tasks that every slot is ready for before the worker says so. */
const WARM_TASKS = ['ocr'];

/** Runs the jobs of the queues in its slots. */
export class WorkerService extends StartStop {
  readonly name = `worker-${randomBytes(2).toString('hex')}`;
  readonly #options: WorkerOptions;
  readonly #log: Logger;
  readonly #slots: SlotPool;
  readonly #report: WorkerReport;
  #link: WorkerLink | undefined;
  #dispatcher: Dispatcher | undefined;
  #dispatching: Promise<void> = Promise.resolve();
  #loops: Periodic[] = [];

  constructor(options: WorkerOptions, log: Logger) {
    super();
    this.#options = options;
    this.#log = log;
    const { store, redisUrl, prefix } = options;
    this.#slots = new SlotPool({ store, redisUrl, prefix }, options.slots, WARM_TASKS);
    this.#report = new WorkerReport(this.name, options, this.#slots);
  }

  protected async onStart(): Promise<void> {
    const { redisUrl, queues, slots } = this.#options;
    const link = await WorkerLink.connect(this.name, this.#options, this.#log);
    this.#link = link;
    this.#loops = this.#startLoops(link);
    await this.#slots.start();
    this.#report.state = 'running';
    const address = redactRedisUrl(redisUrl);
    this.#log.info(`${this.name} ready: ${slots} slots, queues ${queues.join(' > ')}, ${address}`, {
      slots,
    });
    this.#dispatcher = new Dispatcher(link, slots, (job) => this.#runJob(link, job));
    this.#dispatching = this.#dispatcher.run();
  }

  /** Takes no new job, lets the running ones finish, leaves nothing behind. */
  protected async onStop(): Promise<void> {
    this.#report.state = 'draining';
    const running = this.#slots.occupations.length;
    this.#log.info(`${this.name} draining: ${running} running jobs finish, no new one is taken`);
    await this.#dispatcher?.drain();
    await this.#dispatching;
    await Promise.all(this.#loops.map((loop) => loop.stop()));
    await this.#slots.stop();
    await this.#link?.close();
    this.#log.info(`${this.name} stopped`);
  }

  #startLoops(link: WorkerLink): Periodic[] {
    const failed = (what: string) => (error: unknown) =>
      this.#log.warn(`${what} failed: ${error instanceof Error ? error.message : String(error)}`);
    const { leaseSeconds, heartbeatSeconds } = this.#options;
    const loops = [
      new Periodic(
        leaseSeconds / RENEWALS_PER_LEASE,
        () => this.#renewLeases(link),
        failed('renewing leases'),
      ),
      new Periodic(
        STALLED_CHECK_SECONDS,
        () => this.#recoverStalled(link),
        failed('looking for stalled jobs'),
      ),
      new Periodic(heartbeatSeconds, () => this.#beat(link), failed('the heartbeat')),
    ];
    for (const loop of loops) void loop.start();
    return loops;
  }

  async #beat(link: WorkerLink): Promise<void> {
    this.#report.heard(await link.heartbeat.write(this.#report.sign()));
    await link.flow.flush();
  }

  async #renewLeases(link: WorkerLink): Promise<void> {
    const lost = await link.leases.renew(this.#slots.occupations.map(({ job }) => job));
    for (const job of lost)
      this.#log.warn(`lost the lease of ${job.id}: another worker runs it`, jobFields(job));
  }

  async #recoverStalled(link: WorkerLink): Promise<void> {
    const recovered = await link.stalled.recover(this.#options.queues);
    for (const id of recovered)
      this.#log.warn(`${id} stalled: its worker is gone, it runs again`, { job: id });
  }

  async #runJob(link: WorkerLink, job: LeasedJob): Promise<FinishedJob | undefined> {
    const startedAt = Date.now();
    const reply = await this.#slots.run(job);
    const seconds = (Date.now() - startedAt) / 1000;
    link.flow.count({
      queue: job.queue,
      task: job.task,
      waitSeconds: Math.max(0, job.leasedAt - job.enqueuedAt) / 1000,
      serviceSeconds: seconds,
      cpuSeconds: 0,
      completed: reply.outcome === 'completed',
    });
    if (reply.outcome === 'completed') {
      this.#report.completed += 1;
      this.#log.info(`${job.task} ${job.id} done in ${seconds.toFixed(1)} s`, {
        ...jobFields(job),
        seconds,
      });
      return { job, outcome: 'completed', value: reply.value };
    }
    this.#report.failed += 1;
    return await this.#recordFailure(link, job, reply);
  }

  async #recordFailure(
    link: WorkerLink,
    job: LeasedJob,
    reply: Extract<SlotReply, { outcome: 'failed' }>,
  ): Promise<FinishedJob | undefined> {
    const attempt = job.attemptsMade + 1;
    if (reply.recoverable && attempt < job.attempts) {
      const delay = backoffSeconds(attempt, this.#options.backoff, Math.random());
      this.#log.warn(
        `${job.task} ${job.id} failed, again in ${delay.toFixed(1)} s: ${reply.reason}`,
        jobFields(job),
      );
      // Lost meanwhile, or refused by Redis: its lease decides what becomes of it.
      await link.leases
        .retryLater(job, delay, reply.reason, reply.stack)
        .catch((error: unknown) => {
          this.#log.warn(`${job.id} could not be put back: ${String(error)}`, jobFields(job));
        });
      return undefined;
    }
    this.#log.error(`${job.task} ${job.id} is a dead letter: ${reply.reason}`, jobFields(job));
    const fields = { stacktrace: JSON.stringify([reply.stack]) };
    return { job, outcome: 'failed', value: reply.reason, fields };
  }
}

function jobFields(job: LeasedJob): Record<string, string | number> {
  return { job: job.id, queue: job.queue, task: job.task, attempt: job.attemptsMade + 1 };
}
