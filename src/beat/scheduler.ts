import { isDeepStrictEqual } from 'node:util';
import type { Logger } from '../log.js';
import type { Schedule } from '../planning/schedule.js';
import type { Redis } from '../queues/connection.js';
import type { Keyspace } from '../queues/keyspace.js';
import { ScheduleBook, type Publication, type ScheduleRecord } from '../queues/schedule-book.js';
import { TickEnqueuer } from '../queues/tick-enqueue.js';
import type { BeatOptions } from './beat-options.js';
import { dueTicks, entryOf, nextSendAt, type DueTick, type ScheduleEntry } from './due.js';

export interface SentTick {
  schedule: string;
  task: string;
  dueAt: number;
  jobId: string;
}

/** What is known of when a schedule is next due. */
interface Outlook {
  entry: ScheduleEntry;
  last: number | undefined;
  sendAt: number | undefined;
}

/** A turn that sends for longer than this ends, so that the lease is renewed in time. */
const LONGEST_TURN_MS = 500;

/**
 * Sends what is due, for the beat that holds the lease. It knows by the revision in Redis whether
 * its picture of what was sent still holds: after a restart that lost the last second, or a command
 * from elsewhere, it reads that again.
 */
export class Scheduler {
  readonly #book: ScheduleBook;
  readonly #ticks: TickEnqueuer;
  readonly #log: Logger;
  #entries: ScheduleEntry[] = [];
  #wanted: ScheduleEntry[] | undefined;
  #record: ScheduleRecord | undefined;
  #revision = '';
  /** Last ticks that Redis has forgotten. */
  #remembered: ReadonlyMap<string, number> | undefined;
  #outlooks = new Map<string, Outlook>();

  constructor(
    redis: Redis,
    keyspace: Keyspace,
    { schedules, telemetry }: Pick<BeatOptions, 'schedules' | 'telemetry'>,
    log: Logger,
  ) {
    this.#book = new ScheduleBook(redis, keyspace);
    this.#ticks = new TickEnqueuer(redis, keyspace, telemetry);
    this.#log = log;
    this.#wanted = schedules.map(entryOf);
  }

  /** Takes over other schedules, at the next turn. */
  load(schedules: readonly Schedule[]): void {
    this.#wanted = schedules.map(entryOf);
  }

  /** The lease is not ours: what others do meanwhile must be read again. */
  standBy(): void {
    this.#wanted ??= this.#entries;
    this.#entries = [];
    this.#record = undefined;
  }

  /**
   * Sends what is due.
   * @param now by Redis's clock, in milliseconds since the epoch.
   * @param token of the lease that is held.
   * @returns what was sent, and when the next tick is due: in the past when there is more to do.
   */
  async turn(now: number, token: string): Promise<{ sent: SentTick[]; nextAt: number }> {
    const endsAt = performance.now() + LONGEST_TURN_MS;
    await this.#refresh();
    if (this.#wanted && !(await this.#takeOver(this.#wanted, now, token))) {
      return { sent: [], nextAt: now };
    }
    const due = dueTicks(this.#entriesDue(now), this.#record?.lastTicks ?? new Map(), now);
    const sent = await this.#settle(due, now, token, endsAt);
    return { sent, nextAt: this.#record ? this.#nextAt(now) : now };
  }

  /** Reads what is on record, unless it is as this scheduler left it. */
  async #refresh(): Promise<void> {
    if (this.#record && (await this.#book.revision()) === this.#revision) return;
    const before = this.#record;
    await this.#read();
    const published = this.#record?.published;
    const isKept = this.#entries.every(({ schedule }) =>
      isDeepStrictEqual(published?.get(schedule.name), schedule),
    );
    if (isKept) return;
    // Redis lost what it knew of the schedules; how far they had got is known here.
    this.#remembered = before?.lastTicks;
    this.#wanted ??= this.#entries;
  }

  async #read(): Promise<void> {
    this.#record = await this.#book.read();
    this.#revision = this.#record.revision;
  }

  /** Puts schedules in force, from `now` on. @returns false when the lease was lost over it. */
  async #takeOver(wanted: ScheduleEntry[], now: number, token: string): Promise<boolean> {
    const published = this.#record?.published;
    if (!published) return false;
    await this.#settle(this.#lastOfOld(wanted, now), now, token, Infinity);
    const publications = wanted.map(({ schedule }) => {
      const settledAt = this.#remembered?.get(schedule.name);
      return publicationOf(schedule, published.get(schedule.name), settledAt, now);
    });
    if (!(await this.#book.publish(publications, token))) return false;
    this.#remembered = undefined;
    this.#entries = wanted;
    if (this.#wanted === wanted) this.#wanted = undefined;
    await this.#read();
    return true;
  }

  /** Ticks up to `now` of entries whose rule is about to go: also those that jitter still holds. */
  #lastOfOld(wanted: readonly ScheduleEntry[], now: number): DueTick[] {
    const rules = new Map(wanted.map(({ schedule }) => [schedule.name, ruleText(schedule)]));
    const going = this.#entries.filter(
      ({ schedule }) =>
        rules.get(schedule.name) !== ruleText(schedule) && !this.#isPaused(schedule),
    );
    const atOnce = going.map(({ schedule }) => entryOf({ ...schedule, jitterSeconds: 0 }));
    return dueTicks(atOnce, this.#record?.lastTicks ?? new Map(), now);
  }

  async #settle(due: DueTick[], now: number, token: string, endsAt: number): Promise<SentTick[]> {
    const sent: SentTick[] = [];
    for (const tick of due) {
      const record = this.#record;
      if (!record || performance.now() > endsAt) break;
      const { outcome, jobId, before, after } = await this.#ticks.settle(tick, token);
      if (outcome === 'sent') {
        record.lastTicks.set(tick.schedule.name, tick.dueAt);
        this.#tell(tick, jobId, now);
        if (tick.action === 'send') sent.push({ ...sentOf(tick), jobId });
      }
      // Anything else than "sent" means that somebody acted in between: look again.
      if (outcome === 'sent' && before === this.#revision) this.#revision = after;
      else this.#record = undefined;
    }
    return sent;
  }

  #isPaused({ name }: Schedule): boolean {
    return this.#record?.paused.has(name) ?? false;
  }

  #entriesDue(now: number): ScheduleEntry[] {
    return this.#entries.filter((entry) => (this.#sendAt(entry, now) ?? Infinity) <= now);
  }

  #nextAt(now: number): number {
    return Math.min(...this.#entries.map((entry) => this.#sendAt(entry, now) ?? Infinity));
  }

  #sendAt(entry: ScheduleEntry, now: number): number | undefined {
    const { name } = entry.schedule;
    if (this.#isPaused(entry.schedule)) return undefined;
    const last = this.#record?.lastTicks.get(name);
    const known = this.#outlooks.get(name);
    if (known?.entry === entry && known.last === last && last !== undefined) return known.sendAt;
    const sendAt = nextSendAt(entry, last, now);
    this.#outlooks.set(name, { entry, last, sendAt });
    return sendAt;
  }

  #tell({ schedule, dueAt, action, missedSince }: DueTick, jobId: string, now: number): void {
    const { name, task, queue, lateAfterSeconds } = schedule;
    const due = new Date(dueAt).toISOString();
    const seconds = Math.round((now - dueAt) / 1000);
    const missed =
      missedSince === undefined ? '' : `; missed since ${new Date(missedSince).toISOString()}`;
    if (action === 'drop') {
      this.#log.warn(`skipped missed task ${task} (due ${due}, ${seconds} s late${missed})`, {
        schedule: name,
      });
      return;
    }
    const late = seconds > lateAfterSeconds ? `, ${seconds} s late` : '';
    this.#log.info(`sent due task ${task} (due ${due}${late}${missed}) to ${queue}`, {
      schedule: name,
      job: jobId,
    });
  }
}

function sentOf({ schedule, dueAt }: DueTick): Omit<SentTick, 'jobId'> {
  return { schedule: schedule.name, task: schedule.task, dueAt };
}

/**
 * A schedule that is new, or has a new rule, begins now: what the new rule would have had before is
 * not missed. One that counts in periods and never had a tick is due at once instead.
 * @param settledAt the last tick that this scheduler sent of it, where Redis knows of none.
 */
function publicationOf(
  schedule: Schedule,
  before: Schedule | undefined,
  settledAt: number | undefined,
  now: number,
): Publication {
  if (before && ruleText(before) === ruleText(schedule)) return { schedule, evenIfNew: false };
  const evenIfNew = settledAt !== undefined || 'cron' in schedule.rule;
  return { schedule, settledAt: settledAt ?? now, evenIfNew };
}

function ruleText({ rule }: Schedule): string {
  return JSON.stringify(rule);
}
