import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../errors.js';
import { within } from '../lifecycle.js';
import type { Logger } from '../log.js';
import { closeRedis, type Redis } from '../queues/connection.js';
import { FlowCounter } from '../queues/flow-history.js';
import { Heartbeat, type WorkerSign } from '../queues/heartbeats.js';
import type { ExchangeReply, SettledJob } from '../queues/job-exchange.js';
import { JobSamples } from '../queues/job-samples.js';
import { Keyspace } from '../queues/keyspace.js';
import type { LeasedJob } from '../queues/leased-job.js';
import { PoisonList } from '../queues/poison-list.js';
import { WebhookOutbox } from '../queues/webhook-outbox.js';
import { WorkSignal } from '../queues/work-signal.js';
import { takeWorkerCommands, type WorkerCommand } from '../queues/worker-commands.js';
import type { JobSource } from './job-flow.js';
import { LeaseKeeper, type LeaseListener } from './lease-keeper.js';
import { openConnections, type WorkerConnections } from './worker-connections.js';
import type { WorkerOptions } from './worker-options.js';

const RETRY_MS = 1000;
/** After an outage other workers get so long to take their leases back before they count as dead. */
const GRACE_MS = 2500;
/** What is left to write when a worker ends is given so long. */
const LAST_WORDS_MS = 1000;

/** What a link tells its worker. */
export interface LinkListener extends LeaseListener {
  /** Redis refuses writes, for this reason; undefined when it takes them again. */
  onRefused(reason: string | undefined): void;
}

/** A worker's end of Redis: all that it reads and writes there, and what it holds leases of. */
export class WorkerLink implements JobSource {
  readonly flow: FlowCounter;
  readonly samples: JobSamples;
  readonly poison: PoisonList;
  readonly outbox: WebhookOutbox;
  /** When Redis last answered an exchange, or came back, in milliseconds since the epoch. */
  lastHeardAt = Date.now();
  readonly #options: WorkerOptions;
  readonly #log: Logger;
  readonly #name: string;
  readonly #keyspace: Keyspace;
  readonly #commands: Redis;
  readonly #connections: Redis[];
  readonly #leases: LeaseKeeper;
  readonly #signal: WorkSignal;
  readonly #heartbeat: Heartbeat;
  #clockSkewMs = 0;
  #graceUntil = 0;
  #listener: LinkListener | undefined;

  private constructor(
    name: string,
    options: WorkerOptions,
    log: Logger,
    connections: WorkerConnections,
  ) {
    const { commands, blocking } = connections;
    const keyspace = new Keyspace(options.prefix);
    this.#options = options;
    this.#log = log;
    this.#name = name;
    this.#keyspace = keyspace;
    this.#commands = commands;
    this.#connections = [commands, blocking];
    this.#leases = new LeaseKeeper(name, connections, keyspace, options);
    this.#signal = new WorkSignal(blocking, commands, keyspace, options.queues);
    this.#heartbeat = new Heartbeat(commands, keyspace.workers, name);
    this.flow = new FlowCounter(commands, keyspace);
    this.samples = new JobSamples(commands, keyspace);
    this.poison = new PoisonList(commands, keyspace);
    this.outbox = new WebhookOutbox(commands, keyspace);
  }

  /** @param signal aborted when the worker is to end before Redis has answered. */
  static async connect(
    name: string,
    options: WorkerOptions,
    log: Logger,
    signal: AbortSignal,
  ): Promise<WorkerLink> {
    const connections = await openConnections(name, options.redisUrl, log, signal);
    const link = new WorkerLink(name, options, log, connections);
    connections.onBack(() => {
      link.lastHeardAt = Date.now();
      link.#graceUntil = Date.now() + GRACE_MS;
      void link.#resume();
    });
    return link;
  }

  listen(listener: LinkListener): void {
    this.#listener = listener;
    this.#leases.listen(listener);
  }

  /** Whether Redis answers. */
  get reachable(): boolean {
    return this.#commands.status === 'ready';
  }

  async exchange(settled: readonly SettledJob[], wanted: number): Promise<ExchangeReply> {
    return this.#heard(await this.#leases.exchange(settled, wanted));
  }

  async #heard(reply: ExchangeReply): Promise<ExchangeReply> {
    this.lastHeardAt = Date.now();
    this.#listener?.onRefused(undefined);
    // Something was listed as deadly, or is no longer, since this worker last looked.
    if (reply.poisons !== this.poison.length)
      await this.poison.refresh(Date.now()).catch(() => undefined);
    return reply;
  }

  async waitForWork(until: number | undefined, wanted: number): Promise<ExchangeReply | undefined> {
    const signal = this.#signal.wait(until);
    // Sent right behind: Redis runs it as the wait ends, without a round trip in between.
    const exchange = wanted === 0 ? Promise.resolve(undefined) : this.#leases.takeNext(wanted);
    const [waited, taken] = await Promise.allSettled([signal, exchange]);
    if (taken.status === 'fulfilled' && taken.value) return await this.#heard(taken.value);
    // An exchange will tell what is wrong with Redis, if something is.
    if (waited.status === 'rejected' || taken.status === 'rejected') await delay(RETRY_MS);
    return undefined;
  }

  passOnSignal(): Promise<void> {
    return this.#signal.passOn();
  }

  interruptWait(): Promise<void> {
    return this.#signal.interrupt();
  }

  markAlone(job: LeasedJob): Promise<void> {
    this.#log.warn(`${job.id} was there when a worker died: it runs alone`, { job: job.id });
    return this.#leases.markAlone(job);
  }

  refuse(job: LeasedJob): string | undefined {
    if (job.cancelled) return 'cancelled';
    if (this.poison.has(job))
      return 'it killed its worker each time it ran before, under another id';
    if (job.deaths < this.#options.maxDeaths) return undefined;
    void this.poison.add(job, Date.now()).catch(() => undefined);
    return `its worker died ${job.deaths} times while it ran`;
  }

  async exchangeFailed(error: unknown): Promise<void> {
    const reason = messageOf(error);
    this.#listener?.onRefused(reason);
    // After a failover the old master is a replica; the address may lead to the new one by now.
    if (reason.startsWith('READONLY')) {
      for (const connection of this.#connections) connection.disconnect(true);
    }
    await delay(RETRY_MS);
  }

  /** Gives a sign of life. @returns how long Redis took, and how far the clocks are apart. */
  async beat(sign: WorkerSign): Promise<{ roundTripMs: number; clockSkewMs: number }> {
    const { redisNow, roundTripMs } = await this.#heartbeat.write(sign);
    // The stamp was taken about half a round trip ago.
    this.#clockSkewMs = Math.round(Date.now() - roundTripMs / 2 - redisNow);
    return { roundTripMs, clockSkewMs: this.#clockSkewMs };
  }

  /** What this worker was told from afar since it last asked. */
  takeCommands(): Promise<WorkerCommand[]> {
    return takeWorkerCommands(this.#commands, this.#keyspace, this.#name);
  }

  /** Renews all leases; tells of those that are gone. */
  renew(): Promise<void> {
    return this.#leases.renew();
  }

  /** Has the jobs of dead workers run again. */
  async recover(everySeconds: number): Promise<void> {
    if (Date.now() < this.#graceUntil) return;
    await this.#leases.recover(everySeconds, Date.now() - this.#clockSkewMs);
  }

  /** Gives back all jobs at once, their tries uncounted: this process is about to end. */
  giveBackAll(): Promise<void> {
    return this.#leases.giveBackAll();
  }

  /** Writes what was counted since the last time. */
  async flush(): Promise<void> {
    await Promise.all([this.flow.flush(), this.samples.flush()]);
  }

  /** Takes its leave; does not wait for a Redis that does not answer. */
  async close(): Promise<void> {
    await within(Promise.allSettled([this.flush(), this.#heartbeat.remove()]), LAST_WORDS_MS);
    await Promise.all(this.#connections.map((connection) => closeRedis(connection)));
  }

  /** The connection is back: what runs here is made sure of, and what got lost on the way is found. */
  async #resume(): Promise<void> {
    try {
      await this.#leases.renew();
      await this.#leases.reclaim();
    } catch (error) {
      this.#log.warn(`taking leases back failed: ${String(error)}`);
    }
  }
}
