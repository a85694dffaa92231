import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../log.js';
import { TurnOrder } from '../planning/queue-order.js';
import { closeRedis, connectRedis, type Redis } from '../queues/connection.js';
import { FlowCounter } from '../queues/flow-history.js';
import { Heartbeat } from '../queues/heartbeats.js';
import { JobExchange, type ExchangeReply, type SettledJob } from '../queues/job-exchange.js';
import { JobSamples } from '../queues/job-samples.js';
import { Keyspace } from '../queues/keyspace.js';
import type { LeasedJob } from '../queues/leased-job.js';
import { PoisonList } from '../queues/poison-list.js';
import { WorkSignal } from '../queues/work-signal.js';
import { takeWorkerCommands, type WorkerCommand } from '../queues/worker-commands.js';
import type { JobSource } from './dispatcher.js';
import type { WorkerOptions } from './worker-options.js';

const RETRY_MS = 1000;

/** What a link tells its worker. */
export interface LinkListener {
  /** Redis refuses writes, for this reason; undefined when it takes them again. */
  onRefused(reason: string | undefined): void;
  /** Somebody else has these jobs now: what becomes of them here does not count. */
  onLost(jobs: readonly LeasedJob[]): void;
  /** Jobs that are this worker's although it did not know. */
  onReclaimed(jobs: readonly LeasedJob[]): void;
}

/** A worker's end of Redis: all that it reads and writes there, and what it holds leases of. */
export class WorkerLink implements JobSource {
  readonly heartbeat: Heartbeat;
  readonly flow: FlowCounter;
  readonly samples: JobSamples;
  readonly poison: PoisonList;
  /** Results that came too late to count. */
  lostResults = 0;
  /** When Redis last answered an exchange, in milliseconds since the epoch. */
  lastExchangeAt = Date.now();
  readonly #options: WorkerOptions;
  readonly #log: Logger;
  readonly #name: string;
  readonly #keyspace: Keyspace;
  readonly #commands: Redis;
  readonly #connections: Redis[];
  readonly #exchange: JobExchange;
  readonly #signal: WorkSignal;
  readonly #order: TurnOrder;
  readonly #leased = new Map<string, LeasedJob>();
  #listener: LinkListener | undefined;

  private constructor(
    name: string,
    options: WorkerOptions,
    log: Logger,
    commands: Redis,
    blocking: Redis,
  ) {
    const keyspace = new Keyspace(options.prefix);
    const { queues, leaseSeconds, queueOrder } = options;
    this.#options = options;
    this.#log = log;
    this.#name = name;
    this.#keyspace = keyspace;
    this.#commands = commands;
    this.#connections = [commands, blocking];
    this.#exchange = new JobExchange(commands, keyspace, {
      workerName: name,
      queues,
      leaseSeconds,
    });
    this.#signal = new WorkSignal(blocking, commands, keyspace, queues);
    this.#order = new TurnOrder(queues, queueOrder);
    this.heartbeat = new Heartbeat(commands, keyspace.workers, name);
    this.flow = new FlowCounter(commands, keyspace);
    this.samples = new JobSamples(commands, keyspace);
    this.poison = new PoisonList(commands, keyspace);
  }

  static async connect(name: string, options: WorkerOptions, log: Logger): Promise<WorkerLink> {
    const reach = { reachable: true };
    const onError = (error: Error): void => {
      if (reach.reachable) log.warn(`Redis does not answer (${error.message}); retrying`);
      reach.reachable = false;
    };
    const open = (suffix: string): Promise<Redis> =>
      connectRedis(options.redisUrl, { name: `${name}${suffix}`, manner: 'patient', onError });
    const [commands, blocking] = [await open(''), await open('-wait')];
    const link = new WorkerLink(name, options, log, commands, blocking);
    commands.on('ready', () => {
      if (!reach.reachable) log.info('Redis is back');
      reach.reachable = true;
      void link.#resume();
    });
    return link;
  }

  listen(listener: LinkListener): void {
    this.#listener = listener;
  }

  /** Whether Redis answers. */
  get reachable(): boolean {
    return this.#commands.status === 'ready';
  }

  /** Jobs that this worker holds leases of, running or at hand. */
  get leased(): LeasedJob[] {
    return [...this.#leased.values()];
  }

  async exchange(settled: readonly SettledJob[], wanted: number): Promise<ExchangeReply> {
    const reply = await this.#exchange.exchange(settled, this.#order.next(wanted));
    this.lastExchangeAt = Date.now();
    this.#listener?.onRefused(undefined);
    for (const [i, { job }] of settled.entries()) {
      this.#leased.delete(job.id);
      if (reply.recorded[i] === 'recorded') continue;
      this.lostResults += 1;
      this.#log.warn(`${job.id} had gone to another worker: what became of it here does not count`);
    }
    return { ...reply, taken: this.#adopt(reply.taken) };
  }

  async waitForWork(until: number | undefined): Promise<void> {
    // An exchange will tell what is wrong with Redis, if something is.
    await this.#signal.wait(until).catch(() => delay(RETRY_MS));
  }

  passOnSignal(): Promise<void> {
    return this.#signal.passOn();
  }

  interruptWait(): Promise<void> {
    return this.#signal.interrupt();
  }

  markAlone(job: LeasedJob): Promise<void> {
    this.#log.warn(`${job.id} was there when a worker died: it runs alone`, { job: job.id });
    return this.#exchange.markAlone(job);
  }

  refuse(job: LeasedJob): string | undefined {
    if (this.poison.has(job))
      return 'it killed its worker each time it ran before, under another id';
    if (job.deaths < this.#options.maxDeaths) return undefined;
    void this.poison.add(job, Date.now()).catch(() => undefined);
    return `its worker died ${job.deaths} times while it ran`;
  }

  async exchangeFailed(error: unknown): Promise<void> {
    const reason = error instanceof Error ? error.message : String(error);
    this.#listener?.onRefused(reason);
    // After a failover the old master is a replica; the address may lead to the new one by now.
    if (reason.startsWith('READONLY')) {
      for (const connection of this.#connections) connection.disconnect(true);
    }
    await delay(RETRY_MS);
  }

  /** What this worker was told from afar since it last asked. */
  takeCommands(): Promise<WorkerCommand[]> {
    return takeWorkerCommands(this.#commands, this.#keyspace, this.#name);
  }

  /** Renews all leases; tells of those that are gone. */
  async renew(): Promise<void> {
    const lost = await this.#exchange.renew(this.leased);
    for (const job of lost) this.#leased.delete(job.id);
    if (lost.length > 0) this.#listener?.onLost(lost);
  }

  /** Has the jobs of dead workers run again. */
  async recover(everySeconds: number): Promise<void> {
    for (const { id } of await this.#exchange.recover(everySeconds)) {
      this.#log.warn(`${id} stalled: its worker is gone, it runs again`, { job: id });
    }
  }

  /** Writes what was counted since the last time. */
  async flush(): Promise<void> {
    await Promise.all([this.flow.flush(), this.samples.flush()]);
  }

  async close(): Promise<void> {
    await this.flush();
    await this.heartbeat.remove();
    await Promise.all(this.#connections.map((connection) => closeRedis(connection)));
  }

  /** The connection is back: what runs here is made sure of, and what got lost on the way is found. */
  async #resume(): Promise<void> {
    try {
      await this.renew();
      const reclaimed = this.#adopt(await this.#exchange.reclaim(this.leased));
      if (reclaimed.length > 0) this.#listener?.onReclaimed(reclaimed);
    } catch (error) {
      this.#log.warn(`taking leases back failed: ${String(error)}`);
    }
  }

  /** Enters new leases. A job that runs here already only gets its new token. */
  #adopt(jobs: readonly LeasedJob[]): LeasedJob[] {
    return jobs.filter((job) => {
      const running = this.#leased.get(job.id);
      if (running) running.token = job.token;
      else this.#leased.set(job.id, job);
      return !running;
    });
  }
}
