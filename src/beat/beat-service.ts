import { hostname } from 'node:os';
import { messageOf } from '../errors.js';
import { StartStop } from '../lifecycle.js';
import type { Logger } from '../log.js';
import { Periodic } from '../periodic.js';
import type { Health } from '../planning/health.js';
import type { Schedule } from '../planning/schedule.js';
import { connectRedis, type Redis } from '../queues/connection.js';
import { Heartbeat, readBeatSign } from '../queues/heartbeats.js';
import { Keyspace } from '../queues/keyspace.js';
import { SingletonLease, type LeaseState } from '../queues/singleton-lease.js';
import { newBeatId, type BeatOptions } from './beat-options.js';
import { BeatReport } from './beat-report.js';
import { Scheduler } from './scheduler.js';

const RENEWALS_PER_LEASE = 4;
/** So long after a lease has run out another asks for it. */
const MARGIN_MS = 20;
/** A clean stop does not wait longer than this for a Redis that is silent. */
const STOP_PATIENCE_MS = 2000;

/** Enqueues periodic tasks while it holds the lease; stands by while another does. */
export class BeatService extends StartStop {
  readonly id = newBeatId();
  readonly #options: BeatOptions;
  readonly #log: Logger;
  readonly #keyspace: Keyspace;
  readonly #report: BeatReport;
  #schedules: readonly Schedule[];
  #parts: BeatParts | undefined;
  #loop: Periodic | undefined;
  /** Who held the lease when it was last looked at. */
  #holder = '';
  #isCut = false;

  constructor(options: BeatOptions, log: Logger) {
    super();
    this.#options = options;
    this.#log = log;
    this.#keyspace = new Keyspace(options.prefix);
    this.#schedules = options.schedules;
    this.#report = new BeatReport(this.id, options.leaseSeconds);
  }

  /** Takes over other schedules, without a lost or a doubled tick. */
  load(schedules: readonly Schedule[]): void {
    this.#schedules = schedules;
    this.#parts?.scheduler.load(schedules);
    this.#loop?.callSoon();
    this.#log.info(`${this.id} has loaded its schedules: ${namesOf(schedules)}`);
  }

  /** What it has done since it started. */
  get reading(): BeatReport['reading'] {
    return this.#report.reading;
  }

  /** @param now milliseconds since the epoch. */
  health(now: number): Health {
    if (this.stopping) return { alive: true, ready: false, reason: `${this.id} is stopping` };
    return this.#report.health(now);
  }

  protected async onStart(): Promise<void> {
    const [commands, news] = [await this.#connect(''), await this.#connect('-news')];
    this.#parts = this.#partsOn(commands, news);
    this.#loop = new Periodic(
      this.#options.leaseSeconds / RENEWALS_PER_LEASE,
      () => this.#turn(),
      this.#cut,
    );
    news.on('message', () => this.#loop?.callSoon());
    await news.subscribe(this.#keyspace.beat('wake'));
    await this.#loop.start();
  }

  protected async onStop(): Promise<void> {
    if (!this.#parts) return;
    const { commands, news, heartbeat, lease } = this.#parts;
    news.disconnect();
    // Redis may be gone, and commands to it would wait for ever.
    const patience = setTimeout(() => commands.disconnect(), STOP_PATIENCE_MS);
    try {
      await this.#loop?.stop();
      await heartbeat.remove();
      await lease.release();
    } catch {
      this.#log.warn(`${this.id} could not give the lease up: Redis does not answer`);
    } finally {
      clearTimeout(patience);
      commands.disconnect();
    }
    this.#log.info(`${this.id} stopped`);
  }

  #connect(suffix: string): Promise<Redis> {
    return connectRedis(this.#options.redisUrl, {
      name: `${this.id}${suffix}`,
      manner: 'patient',
      onError: this.#cut,
      waitSignal: this.stopSignal,
    });
  }

  #partsOn(commands: Redis, news: Redis): BeatParts {
    const [keyspace, schedules] = [this.#keyspace, this.#schedules];
    return {
      commands,
      news,
      lease: new SingletonLease(commands, keyspace.beatLease, this.id, this.#options.leaseSeconds),
      heartbeat: new Heartbeat(commands, keyspace.beats, this.id),
      scheduler: new Scheduler(commands, keyspace, { ...this.#options, schedules }, this.#log),
    };
  }

  /** @returns after how many seconds the next turn is due. */
  async #turn(): Promise<number | undefined> {
    if (!this.#parts) return undefined;
    const { lease, heartbeat, scheduler } = this.#parts;
    const state = await lease.hold();
    const heldAt = performance.now();
    await heartbeat.write({
      id: this.id,
      version: this.#options.version,
      host: hostname(),
      pid: process.pid,
      startedAt: this.#report.startedAt,
    });
    await this.#announce(state);
    if (!state.held) {
      scheduler.standBy();
      this.#report.turned(false, 0);
      return (state.remainingMs + MARGIN_MS) / 1000;
    }
    const { nextAt, sent } = await scheduler.turn(state.now, lease.token);
    this.#report.turned(true, sent.length);
    const elapsedMs = performance.now() - heldAt;
    return Math.max(0, nextAt - state.now - elapsedMs + 1) / 1000;
  }

  async #announce({ held, holder }: LeaseState): Promise<void> {
    if (this.#isCut) this.#log.info(`${this.id} has Redis again`);
    this.#isCut = false;
    if (holder === this.#holder) return;
    this.#holder = holder;
    if (held) {
      this.#log.info(`${this.id} is the scheduler: ${namesOf(this.#schedules)}`);
      return;
    }
    const id = holder.split(':')[0] ?? holder;
    const sign = this.#parts && (await readBeatSign(this.#parts.commands, this.#keyspace, id));
    const where = sign ? ` (host ${sign.host}, process ${sign.pid})` : '';
    this.#log.info(`${this.id} stands by: ${id} is the scheduler${where}; takes over when it ends`);
  }

  /** Once for each outage, however often it is tried meanwhile. */
  readonly #cut = (error: unknown): void => {
    if (this.#isCut || this.stopping) return;
    this.#report.cut();
    this.#isCut = true;
    const reason = messageOf(error);
    this.#log.warn(`${this.id} is not scheduling: ${reason}; missed ticks are made up for after`);
  };
}

interface BeatParts {
  commands: Redis;
  /** Hears when the lease is given up, or a schedule paused. */
  news: Redis;
  lease: SingletonLease;
  heartbeat: Heartbeat;
  scheduler: Scheduler;
}

function namesOf(schedules: readonly Schedule[]): string {
  return schedules.length === 0 ? 'none' : schedules.map(({ name }) => name).join(', ');
}
