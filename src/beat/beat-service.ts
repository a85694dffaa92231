import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { StartStop } from '../lifecycle.js';
import type { Logger } from '../log.js';
import { Periodic } from '../periodic.js';
import { connectRedis, type Redis } from '../queues/connection.js';
import { Heartbeat } from '../queues/heartbeats.js';
import { Keyspace } from '../queues/keyspace.js';
import { SingletonLease } from '../queues/singleton-lease.js';
import { TickEnqueuer } from '../queues/tick-enqueue.js';
import { dueTicks, type DueTick, type ScheduleEntry } from './due.js';

export interface BeatOptions {
  redisUrl: string;
  prefix: string;
  version: string;
  leaseSeconds: number;
  schedule: readonly ScheduleEntry[];
  /** Tries of each enqueued job. */
  attempts: number;
}

const RENEWALS_PER_LEASE = 4;

/** Enqueues periodic tasks while it holds the lease; stands by while another does. */
export class BeatService extends StartStop {
  readonly id = `beat-${randomBytes(2).toString('hex')}`;
  readonly #options: BeatOptions;
  readonly #log: Logger;
  readonly #startedAt = Date.now();
  #redis: Redis | undefined;
  #lease: SingletonLease | undefined;
  #heartbeat: Heartbeat | undefined;
  #ticks: TickEnqueuer | undefined;
  #loop: Periodic | undefined;
  /** Who held the lease when it was last looked at. */
  #holder = '';

  constructor(options: BeatOptions, log: Logger) {
    super();
    this.#options = options;
    this.#log = log;
  }

  protected async onStart(): Promise<void> {
    const { redisUrl, prefix, leaseSeconds } = this.#options;
    const warn = (error: unknown): void =>
      this.#log.warn(`not scheduling: ${error instanceof Error ? error.message : String(error)}`);
    const redis = await connectRedis(redisUrl, { name: this.id, manner: 'patient', onError: warn });
    const keyspace = new Keyspace(prefix);
    const keys = { lease: keyspace.beat('lease'), fence: keyspace.beat('fence') };
    this.#redis = redis;
    this.#lease = new SingletonLease(redis, keys, this.id, leaseSeconds);
    this.#heartbeat = new Heartbeat(redis, keyspace.beats, this.id);
    this.#ticks = new TickEnqueuer(redis, keyspace);
    this.#loop = new Periodic(leaseSeconds / RENEWALS_PER_LEASE, () => this.#turn(), warn);
    await this.#loop.start();
  }

  protected async onStop(): Promise<void> {
    await this.#loop?.stop();
    await this.#heartbeat?.remove();
    await this.#lease?.release();
    this.#redis?.disconnect();
    this.#log.info(`${this.id} stopped`);
  }

  async #turn(): Promise<void> {
    if (!this.#lease || !this.#ticks || !this.#heartbeat) return;
    const { held, holder } = await this.#lease.hold();
    this.#announce(held, holder);
    await this.#heartbeat.write({
      id: this.id,
      version: this.#options.version,
      host: hostname(),
      pid: process.pid,
      startedAt: this.#startedAt,
    });
    if (!held) return;
    for (const tick of dueTicks(
      this.#options.schedule,
      await this.#ticks.lastTicks(),
      Date.now(),
    )) {
      await this.#send(tick, this.#ticks, this.#lease.token);
    }
  }

  #announce(held: boolean, holder: string): void {
    if (holder === this.#holder) return;
    this.#holder = holder;
    const names = this.#options.schedule.map(({ name }) => name).join(', ');
    if (held) this.#log.info(`${this.id} is the scheduler: ${names}`);
    else this.#log.info(`${this.id} stands by: ${holder.split(':')[0] ?? holder} is the scheduler`);
  }

  async #send({ entry, dueAt }: DueTick, ticks: TickEnqueuer, token: string): Promise<void> {
    const { name, task, queue, input } = entry;
    const tick = { schedule: name, dueAt, queue, task, input, attempts: this.#options.attempts };
    const reply = await ticks.enqueue(tick, token, Date.now());
    if (typeof reply === 'object') {
      const due = new Date(dueAt).toISOString();
      this.#log.info(`sent due task ${task} (due ${due}) to ${queue}`, {
        schedule: name,
        job: reply.jobId,
      });
    }
  }
}
