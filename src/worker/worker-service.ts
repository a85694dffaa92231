import { randomBytes } from 'node:crypto';
import { requireWritableStore } from '../documents/open-store.js';
import { DswError } from '../errors.js';
import { StartStop } from '../lifecycle.js';
import type { Logger } from '../log.js';
import type { Periodic } from '../periodic.js';
import type { Health } from '../planning/health.js';
import type { WorkerCommand } from '../queues/worker-commands.js';
import { redactRedisUrl } from '../queues/redis-address.js';
import type { Dispatcher } from './dispatcher.js';
import { drain } from './drain.js';
import { dutiesOf } from './duties.js';
import { jobFields, type JobRunner } from './job-runner.js';
import { LinkNews } from './link-news.js';
import { Programs } from './programs.js';
import { healthOf, idleSlots, type Progress } from './progress.js';
import { Restraint } from './restraint.js';
import { SlotBudget } from './slot-budget.js';
import { SlotPool } from './slot-pool.js';
import { slotSettingsOf } from './slot-settings.js';
import { ThreadProbe } from './thread-probe.js';
import { startUpkeep } from './upkeep.js';
import type { WorkerOptions } from './worker-options.js';
import { connectParts, type Parts } from './worker-parts.js';
import { WorkerReport, type WorkerReading } from './worker-report.js';

/** Runs the jobs of the queues in its slots. */
export class WorkerService extends StartStop {
  readonly name: string;
  readonly #options: WorkerOptions;
  readonly #log: Logger;
  readonly #programs = new Programs();
  readonly #probe = new ThreadProbe();
  readonly #slots: SlotPool;
  readonly #report: WorkerReport;
  readonly #restraint: Restraint;
  readonly #budget: SlotBudget;
  /** Resolves when the worker is told from afar to end. */
  readonly toldToDrain: Promise<void>;
  #tellToDrain: () => void = () => undefined;
  #parts: Parts | undefined;
  #dispatching: Promise<void> = Promise.resolve();
  #loops: Periodic[] = [];
  /** When a slot came free last, or into service. */
  #slotsChangedAt = Date.now();

  constructor(options: WorkerOptions, log: Logger) {
    super();
    this.name = `${options.name}-${randomBytes(4).toString('hex')}`;
    this.#options = options;
    this.#log = log;
    this.#slots = new SlotPool({
      ...slotSettingsOf(options, this.#programs),
      onNews: (job, news) => {
        if (!('level' in news)) return;
        const { level, message, fields } = news;
        log[level](`${job.task} ${job.id}: ${message}`, { ...fields, ...jobFields(job) });
      },
      onChange: () => {
        this.#slotsChangedAt = Date.now();
        this.#parts?.dispatcher.pump();
      },
      onReplaced: (reason) => this.#slotReplaced(reason),
      onStartFailed: (error) => log.error(`a slot could not start: ${String(error)}`),
    });
    this.#budget = new SlotBudget(this.#slots, options, log);
    this.#restraint = new Restraint({
      worker: this.name,
      log,
      onLimit: (jobs) => this.#parts?.dispatcher.limit(jobs),
    });
    this.toldToDrain = new Promise((resolve) => (this.#tellToDrain = resolve));
    this.#report = new WorkerReport(this.name, options, this.#slots, this.#restraint);
  }

  /** Changes the number of slots while it runs; to more than fit in memory only when allowed. */
  resize(slots: number): void {
    const refused = this.#budget.allows(slots);
    const { target } = this.#slots;
    if (refused !== undefined) {
      this.#log.warn(`${this.name} keeps ${target} slots: ${refused}`);
      return;
    }
    this.#log.info(`${this.name} resized from ${target} to ${slots} slots`);
    this.#slots.resize(slots);
  }

  /** Whether the worker makes progress, at `now` in milliseconds since the epoch. */
  health(now: number): Health {
    return healthOf(this.#progress(now));
  }

  #progress(now: number): Progress {
    const { link, dispatcher } = this.#parts ?? {};
    const heardAt = Math.max(link?.lastHeardAt ?? 0, this.#slotsChangedAt);
    return {
      worker: this.name,
      state: this.#report.state,
      freeSlots: this.#slots.free,
      newSlots: this.#slots.target - this.#slots.size,
      held: this.#restraint.held,
      reachable: link?.reachable ?? false,
      silentSeconds: (now - heardAt) / 1000,
      dispatcher: dispatcher?.idle,
    };
  }

  /** What the worker said of itself last, and what it has done since it started. */
  get reading(): WorkerReading {
    return { sign: this.#report.lastSign, work: this.#report.work };
  }

  get slots(): number {
    return this.#slots.target;
  }

  /** Gives all jobs back in one message, as far as Redis takes it in time: the process ends now. */
  async abandon(): Promise<void> {
    await this.#parts?.link.giveBackAll();
  }

  protected async onStart(): Promise<void> {
    const { redisUrl, queues, slots, store } = this.#options;
    await requireWritableStore(store);
    const parts = await connectParts({
      name: this.name,
      options: this.#options,
      slots: this.#slots,
      report: this.#report,
      restraint: this.#restraint,
      log: this.#log,
      signal: this.stopSignal,
    });
    this.#parts = parts;
    parts.link.listen(new LinkNews(parts, this.#report, this.#restraint, this.#log));
    const duties = dutiesOf(parts, {
      slots: this.#slots,
      probe: this.#probe,
      restraint: this.#restraint,
      options: this.#options,
      beat: () => this.#beat(parts),
    });
    this.#loops = startUpkeep(duties, this.#options, this.#log);
    this.#probe.start();
    await this.#slots.start(() => this.#budget.require(slots));
    this.#report.state = 'running';
    const address = redactRedisUrl(redisUrl);
    this.#log.info(`${this.name} ready: ${slots} slots, queues ${queues.join(' > ')}, ${address}`, {
      slots,
    });
    this.#dispatching = parts.dispatcher.run();
  }

  /** Takes no new job; running ones finish in time or go back; nothing is left behind. */
  protected async onStop(): Promise<void> {
    this.#report.state = 'draining';
    const drained = !this.#parts || (await this.#drain(this.#parts));
    this.#parts?.webhooks.end();
    const loopsEnded = Promise.all(this.#loops.map((loop) => loop.stop()));
    // A loop that waits for a Redis that is gone would wait for ever.
    if (drained) await loopsEnded;
    await this.#slots.stop();
    this.#probe.stop();
    await this.#programs.stop();
    await this.#parts?.link.close();
    this.#log.info(`${this.name} stopped`);
    if (!drained) {
      throw new DswError('unavailable', `Redis does not answer: ${this.name} could not give back`, {
        hint: 'Its jobs run elsewhere when their leases are over.',
      });
    }
  }

  #drain(parts: Parts): Promise<boolean> {
    return drain({
      ...parts,
      worker: this.name,
      drainSeconds: this.#options.drainSeconds,
      slots: this.#slots,
      dispatched: this.#dispatching,
      log: this.#log,
    });
  }

  #slotReplaced(reason: string): void {
    this.#report.recycled += 1;
    this.#log.info(`a slot is replaced: ${reason}`);
  }

  async #beat({ link, runner, dispatcher }: Parts): Promise<void> {
    this.#report.heard(await link.beat(this.#report.sign(idleSlots(this.#progress(Date.now())))));
    await link.flush();
    for (const command of await link.takeCommands()) this.#obey(command, runner, dispatcher);
  }

  #obey(command: WorkerCommand, runner: JobRunner, dispatcher: Dispatcher): void {
    if (command.kind === 'resize') this.resize(command.slots);
    else if (command.kind === 'drain') this.#tellToDrain();
    else if (command.kind === 'cancel') {
      const { jobId } = command;
      if (runner.cancel(jobId) || dispatcher.cancel(jobId))
        this.#log.info(`${jobId} is being cancelled`, { job: jobId });
    }
  }
}
