import { randomBytes } from 'node:crypto';
import { DswError } from '../errors.js';
import { StartStop } from '../lifecycle.js';
import type { Logger } from '../log.js';
import { Periodic } from '../periodic.js';
import { HEALTHY, type Health } from '../planning/health.js';
import type { LeasedJob } from '../queues/leased-job.js';
import type { WorkerCommand } from '../queues/worker-commands.js';
import { redactRedisUrl } from '../queues/redis-address.js';
import { loadTasks } from '../tasks/registry.js';
import { Dispatcher } from './dispatcher.js';
import { JobRunner, MAKE_WAY_MS } from './job-runner.js';
import { MemoryGuard, misfit } from './memory-guard.js';
import { ServiceTimes } from './service-times.js';
import { SlotPool } from './slot-pool.js';
import { Watchdog } from './watchdog.js';
import { WorkerLink } from './worker-link.js';
import type { WorkerOptions } from './worker-options.js';
import { WorkerReport, type WorkerReading } from './worker-report.js';

/** Jobs of dead workers are looked for this often. */
const RECOVER_SECONDS = 2.5;
/** A lease is renewed so often before it would run out. */
const RENEWALS_PER_LEASE = 3;
const WATCHDOG_SECONDS = 0.1;
const MEMORY_SECONDS = 1;
const POISON_SECONDS = 10;
/** An idle worker asks its queues every few seconds. */
const STUCK_SECONDS = 15;

/** What a worker is made of once it has started. */
interface Parts {
  link: WorkerLink;
  runner: JobRunner;
  dispatcher: Dispatcher;
  watchdog: Watchdog;
}

/** Runs the jobs of the queues in its slots. */
export class WorkerService extends StartStop {
  readonly name: string;
  readonly #options: WorkerOptions;
  readonly #log: Logger;
  readonly #slots: SlotPool;
  readonly #report: WorkerReport;
  /** Resolves when the worker is told from afar to end. */
  readonly toldToDrain: Promise<void>;
  #tellToDrain: () => void = () => undefined;
  #parts: Parts | undefined;
  #dispatching: Promise<void> = Promise.resolve();
  #loops: Periodic[] = [];

  constructor(options: WorkerOptions, log: Logger) {
    super();
    this.name = `${options.name}-${randomBytes(4).toString('hex')}`;
    this.#options = options;
    this.#log = log;
    const {
      store,
      redisUrl,
      prefix,
      taskModules,
      warmTasks,
      slotMemoryMb,
      maxTasksPerSlot,
      slots,
    } = options;
    this.#slots = new SlotPool({
      slot: {
        setup: { store, redisUrl, prefix, taskModules },
        warmTasks,
        heapLimitMb: slotMemoryMb,
      },
      count: slots,
      maxTasksPerSlot,
      slotMemoryMb,
      onChange: () => this.#parts?.dispatcher.pump(),
      onReplaced: (reason) => this.#slotReplaced(reason),
      onStartFailed: (error) => log.error(`a slot could not start: ${String(error)}`),
    });
    this.toldToDrain = new Promise((resolve) => (this.#tellToDrain = resolve));
    this.#report = new WorkerReport(this.name, options, this.#slots);
  }

  /** Changes the number of slots while it runs. */
  resize(slots: number): void {
    this.#log.info(`${this.name} resized from ${this.#slots.target} to ${slots} slots`);
    this.#slots.resize(slots);
  }

  /**
   * Whether the worker makes progress: being there is not enough, a worker that could take jobs has
   * to ask for them. While Redis does not answer, or refuses, a restart would cure nothing.
   * @param now milliseconds since the epoch.
   */
  health(now: number): Health {
    const { state, holdingBack } = this.#report;
    if (!this.#parts || state !== 'running')
      return { alive: true, ready: false, reason: `${this.name} is ${state}` };
    const { link } = this.#parts;
    if (!link.reachable)
      return { alive: true, ready: false, reason: `${this.name} gets no answer from Redis` };
    const silentSeconds = (now - link.lastExchangeAt) / 1000;
    if (this.#slots.free === 0 || silentSeconds < STUCK_SECONDS) return HEALTHY;
    if (holdingBack !== undefined)
      return { alive: true, ready: false, reason: `${this.name} takes no jobs: ${holdingBack}` };
    const seconds = Math.round(silentSeconds);
    const reason = `${this.name} has free slots and has not reached its queues for ${seconds} s`;
    return { alive: false, ready: false, reason };
  }

  /** What the worker said of itself last, and what it has done since it started. */
  get reading(): WorkerReading {
    return { sign: this.#report.lastSign, work: this.#report.work };
  }

  get slots(): number {
    return this.#slots.target;
  }

  protected async onStart(): Promise<void> {
    const { redisUrl, queues, slots, taskModules } = this.#options;
    const tasks = await loadTasks(taskModules);
    const link = await WorkerLink.connect(this.name, this.#options, this.#log);
    await link.poison.refresh(Date.now());
    const times = new ServiceTimes();
    const { retry, limits } = this.#options;
    const observer = this.#report.observe(link, this.#log);
    const runner = new JobRunner({
      slots: this.#slots,
      tasks,
      retry,
      times,
      observer,
      log: this.#log,
    });
    const dispatcher = new Dispatcher(link, runner, times, this.#options.queueOrder);
    const takeBack = (jobs: readonly LeasedJob[]): void => dispatcher.takeBack(jobs);
    const watchdog = new Watchdog({ slots: this.#slots, tasks, limits, takeBack });
    this.#parts = { link, runner, dispatcher, watchdog };
    this.#listenTo(this.#parts);
    this.#loops = this.#startLoops(this.#parts);
    await this.#slots.start((slotMemoryMb) => this.#checkFit(slotMemoryMb));
    this.#report.state = 'running';
    const address = redactRedisUrl(redisUrl);
    this.#log.info(`${this.name} ready: ${slots} slots, queues ${queues.join(' > ')}, ${address}`, {
      slots,
    });
    this.#dispatching = dispatcher.run();
  }

  /** Takes no new job; running ones finish in time or go back; nothing is left behind. */
  protected async onStop(): Promise<void> {
    this.#report.state = 'draining';
    const parts = this.#parts;
    if (parts) {
      const { length } = this.#slots.occupations;
      const { drainSeconds } = this.#options;
      this.#log.info(
        `${this.name} draining: ${length} running jobs have ${drainSeconds} s, no new one is taken`,
      );
      const deadline = setTimeout(() => this.#makeWay(parts.runner), drainSeconds * 1000);
      await parts.dispatcher.drain();
      await this.#dispatching;
      clearTimeout(deadline);
    }
    await Promise.all(this.#loops.map((loop) => loop.stop()));
    await this.#slots.stop();
    await parts?.link.close();
    this.#log.info(`${this.name} stopped`);
  }

  /** Time is up: what runs still goes back to the front of its queue, its try uncounted. */
  #makeWay(runner: JobRunner): void {
    this.#log.warn(
      `${this.name}: ${this.#slots.occupations.length} jobs did not finish in time; they go back`,
    );
    runner.interruptAll('its worker is stopping');
    setTimeout(() => {
      for (const { slot } of this.#slots.occupations) void slot.stop('its worker is stopping');
    }, MAKE_WAY_MS);
  }

  #checkFit(slotMemoryMb: number): void {
    const { slots, machine, allowOvercommit } = this.#options;
    const processMemoryMb = Math.max(0, process.memoryUsage.rss() / 1024 / 1024 - slotMemoryMb);
    const reason = misfit(slots, slotMemoryMb, processMemoryMb, machine.memoryMb);
    if (reason === undefined) return;
    if (allowOvercommit) this.#log.warn(reason);
    else
      throw new DswError('failed', reason, {
        hint: 'Lower --concurrency, or start with --allow-overcommit.',
      });
  }

  #slotReplaced(reason: string): void {
    this.#report.recycled += 1;
    this.#log.info(`a slot is replaced: ${reason}`);
  }

  #listenTo({ link, runner, dispatcher }: Parts): void {
    link.listen({
      onRefused: (reason) => this.#holdBack('refused', reason && `Redis refuses writes: ${reason}`),
      onLost: (jobs) => {
        for (const job of jobs) {
          this.#log.warn(`lost the lease of ${job.id}: another worker runs it`, { job: job.id });
          runner.interrupt(job.id, 'another worker runs it');
        }
      },
      onReclaimed: (jobs) => {
        this.#log.info(`took back ${jobs.length} jobs that were on their way here`);
        dispatcher.takeBack(jobs);
      },
    });
  }

  #holdBack(cause: 'refused' | 'memory', reason: string | undefined): void {
    if (!this.#report.holdBack(cause, reason)) return;
    if (reason) this.#log.warn(`${this.name} takes no jobs: ${reason}`);
    else this.#log.info(`${this.name} takes jobs again`);
  }

  #startLoops(parts: Parts): Periodic[] {
    const { link, dispatcher, watchdog } = parts;
    const { leaseSeconds, heartbeatSeconds, machine } = this.#options;
    const guard = new MemoryGuard({
      machine,
      onPressure: (reason) => {
        this.#holdBack('memory', reason);
        // Never to a standstill: with nothing running it takes one.
        dispatcher.limit(reason === undefined ? Infinity : 1);
      },
    });
    const every = (seconds: number, what: string, call: () => void | Promise<void>): Periodic =>
      new Periodic(
        seconds,
        async () => call(),
        (error) =>
          this.#log.warn(
            `${what} failed: ${error instanceof Error ? error.message : String(error)}`,
          ),
      );
    const loops = [
      every(leaseSeconds / RENEWALS_PER_LEASE, 'renewing leases', () => link.renew()),
      every(RECOVER_SECONDS, 'looking for stalled jobs', () => link.recover(RECOVER_SECONDS)),
      every(heartbeatSeconds, 'the heartbeat', () => this.#beat(parts)),
      every(POISON_SECONDS, 'reading the poison list', () => link.poison.refresh(Date.now())),
      every(WATCHDOG_SECONDS, 'the watchdog', () => watchdog.look(Date.now())),
      every(MEMORY_SECONDS, 'the memory guard', () => {
        const reason = guard.look();
        if (reason !== undefined) this.#slots.replaceLargest(reason);
      }),
    ];
    for (const loop of loops) void loop.start();
    return loops;
  }

  async #beat({ link, runner }: Parts): Promise<void> {
    this.#report.heard(await link.heartbeat.write(this.#report.sign()));
    await link.flush();
    for (const command of await link.takeCommands()) this.#obey(command, runner);
  }

  #obey(command: WorkerCommand, runner: JobRunner): void {
    if (command.kind === 'resize') this.resize(command.slots);
    else if (command.kind === 'drain') this.#tellToDrain();
    else if (command.kind === 'cancel' && runner.cancel(command.jobId)) {
      this.#log.info(`${command.jobId} is being cancelled`, { job: command.jobId });
    }
  }
}
