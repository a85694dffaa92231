import { didYouMean } from '../config/did-you-mean.js';
import { DswError } from '../errors.js';
import { formatRule, recurrenceOf } from '../planning/recurrence.js';
import type { Schedule } from '../planning/schedule.js';
import type { ScheduleSnapshot } from '../planning/snapshot.js';
import { closeRedis, connectRedis, type Redis } from '../queues/connection.js';
import { Keyspace } from '../queues/keyspace.js';
import { ScheduleBook, type ResumeReply } from '../queues/schedule-book.js';
import { SnapshotReader } from '../queues/snapshot-reader.js';
import { TickEnqueuer } from '../queues/tick-enqueue.js';

export interface ListedSchedule extends ScheduleSnapshot {
  /** The next due times, in milliseconds since the epoch; none while paused. */
  nextDueTimes: number[];
}

export interface ScheduleList {
  /** Redis's clock. */
  at: number;
  /** False when no beat has told its schedules yet: these are the ones it would have. */
  isPublished: boolean;
  schedules: ListedSchedule[];
}

/** Where operators look at schedules and act on them. */
export class ScheduleDesk {
  readonly #redis: Redis;
  readonly #keyspace: Keyspace;
  readonly #book: ScheduleBook;

  private constructor(redis: Redis, prefix: string) {
    this.#redis = redis;
    this.#keyspace = new Keyspace(prefix);
    this.#book = new ScheduleBook(redis, this.#keyspace);
  }

  /** @throws DswError `unavailable` when Redis does not answer. */
  static async open(redisUrl: string, prefix: string): Promise<ScheduleDesk> {
    return new ScheduleDesk(
      await connectRedis(redisUrl, { name: 'dsw-schedules', manner: 'brisk' }),
      prefix,
    );
  }

  /**
   * @param configured the schedules of the settings, for a system whose beat has not run yet.
   * @param count how many due times to tell of each.
   */
  async list(configured: readonly Schedule[], count: number): Promise<ScheduleList> {
    const { at, schedules } = await new SnapshotReader(this.#redis, this.#keyspace).read();
    const { published, paused } = await this.#book.read();
    const known = published.size > 0 ? [...published.values()] : configured;
    const snapshots = new Map(schedules.map((schedule) => [schedule.name, schedule]));
    return {
      at,
      isPublished: schedules.length > 0,
      schedules: known.map((schedule) => {
        const { name } = schedule;
        const snapshot = snapshots.get(name) ?? unstarted(schedule, paused.has(name));
        return { ...snapshot, nextDueTimes: dueTimesFrom(schedule, snapshot, at, count) };
      }),
    };
  }

  /** Enqueues a job of a schedule now, beside its ticks. @returns the job's id. */
  async run(name: string, configured: readonly Schedule[]): Promise<string> {
    const schedule = await this.#find(name, configured);
    return await new TickEnqueuer(this.#redis, this.#keyspace).run(schedule);
  }

  /** @returns false when it was paused already. */
  async pause(name: string, configured: readonly Schedule[]): Promise<boolean> {
    await this.#find(name, configured);
    return await this.#book.pause(name);
  }

  /** Goes on from now: what fell into the pause is not made up for. */
  async resume(name: string, configured: readonly Schedule[]): Promise<ResumeReply> {
    await this.#find(name, configured);
    return await this.#book.resume(name);
  }

  async close(): Promise<void> {
    await closeRedis(this.#redis);
  }

  async #find(name: string, configured: readonly Schedule[]): Promise<Schedule> {
    const { published } = await this.#book.read();
    const known = published.size > 0 ? [...published.values()] : configured;
    const found = known.find((schedule) => schedule.name === name);
    if (found) return found;
    const names = known.map((schedule) => schedule.name);
    const guess = didYouMean(name, names);
    const advice = guess === undefined ? '' : `; did you mean "${guess}"?`;
    throw new DswError(
      'usage',
      `expected a schedule (${names.join(', ') || 'none'}), got "${name}"${advice}`,
    );
  }
}

function dueTimesFrom(
  { rule }: Schedule,
  { nextDueAt, paused }: ScheduleSnapshot,
  at: number,
  count: number,
): number[] {
  if (paused) return [];
  const recurrence = recurrenceOf(rule);
  const times: number[] = [];
  for (
    let due = nextDueAt ?? recurrence.next(at);
    due !== undefined && times.length < count;
    due = recurrence.next(due)
  ) {
    times.push(due);
  }
  return times;
}

function unstarted({ name, task, queue, rule }: Schedule, paused: boolean): ScheduleSnapshot {
  return {
    name,
    task,
    queue,
    rule: formatRule(rule),
    nextDueAt: undefined,
    lastDueAt: undefined,
    lastSentAt: undefined,
    lastJobId: undefined,
    lastResult: undefined,
    overdue: false,
    clockSetBack: false,
    paused,
  };
}
