import { recurrenceOf, type Recurrence } from '../planning/recurrence.js';
import type { Schedule } from '../planning/schedule.js';

/** A schedule ready to be asked when it is due. */
export interface ScheduleEntry {
  schedule: Schedule;
  recurrence: Recurrence;
}

export function entryOf(schedule: Schedule): ScheduleEntry {
  return { schedule, recurrence: recurrenceOf(schedule.rule) };
}

/** A due time that is to be settled now. All times in milliseconds since the epoch. */
export interface DueTick {
  schedule: Schedule;
  dueAt: number;
  /** When it may be sent: `dueAt` and the tick's jitter. */
  sendAt: number;
  /** `drop`: it was missed and is not made up for; only its record moves on. */
  action: 'send' | 'drop';
  /** The first of the earlier ticks that were missed and are not sent. */
  missedSince: number | undefined;
}

/**
 * The ticks that are due, oldest first.
 *
 * - A schedule whose last tick is known is due at each due time after it; what becomes of several
 *   at once, or of a late one, is up to its `missed`.
 * - A schedule that has never had a tick is due for its latest one.
 * - A last tick that lies ahead of `now` (a clock was set back) is waited for: nothing runs twice.
 *
 * @param lastTicks due time of the last tick of each schedule.
 */
export function dueTicks(
  entries: readonly ScheduleEntry[],
  lastTicks: ReadonlyMap<string, number>,
  now: number,
): DueTick[] {
  return entries
    .flatMap((entry) => dueOf(entry, lastTicks.get(entry.schedule.name), now))
    .sort((a, b) => a.dueAt - b.dueAt);
}

function dueOf(entry: ScheduleEntry, last: number | undefined, now: number): DueTick[] {
  const { schedule, recurrence } = entry;
  const first = last === undefined ? undefined : recurrence.next(last);
  if (last !== undefined && (first === undefined || first > now)) return [];
  const limit = schedule.missed === 'all' && last !== undefined ? schedule.missedLimit : 1;
  // One more, since the latest may still be waiting for its jitter to pass.
  const times =
    first === undefined ? recurrence.latest(now, 2) : dueFrom(recurrence, first, now, limit + 1);
  const ticks = times
    .map((dueAt) => ({ dueAt, sendAt: dueAt + jitterMs(entry, dueAt) }))
    .filter(({ sendAt }) => sendAt <= now)
    .slice(-limit);
  return ticks.map(({ dueAt, sendAt }, i) => ({
    schedule,
    dueAt,
    sendAt,
    action: isMissed(schedule, sendAt, now) ? ('drop' as const) : ('send' as const),
    missedSince: i === 0 && first !== undefined && first < dueAt ? first : undefined,
  }));
}

/**
 * The due times from `first` up to `now`, of more than `count` the latest. It walks on from the last
 * tick: when just one is due, as nearly always, that is two steps, whatever `count` is.
 */
function dueFrom(recurrence: Recurrence, first: number, now: number, count: number): number[] {
  const times: number[] = [];
  for (
    let dueAt: number | undefined = first;
    dueAt !== undefined && dueAt <= now;
    dueAt = recurrence.next(dueAt)
  ) {
    if (times.length === count) return recurrence.latest(now, count);
    times.push(dueAt);
  }
  return times;
}

function isMissed({ missed, lateAfterSeconds }: Schedule, sendAt: number, now: number): boolean {
  return missed === 'skip' && now - sendAt > lateAfterSeconds * 1000;
}

/** When `dueTicks` will next have something of this schedule, or undefined when never. */
export function nextSendAt(
  entry: ScheduleEntry,
  last: number | undefined,
  now: number,
): number | undefined {
  const dueAt =
    last === undefined ? entry.recurrence.latest(now, 1)[0] : entry.recurrence.next(last);
  return dueAt === undefined ? undefined : dueAt + jitterMs(entry, dueAt);
}

/**
 * How much later a tick is sent. Always the same for one tick, so that no two beats disagree, and
 * never so much that it would meet the next.
 */
function jitterMs({ schedule, recurrence }: ScheduleEntry, dueAt: number): number {
  if (schedule.jitterSeconds === 0) return 0;
  const room = (recurrence.next(dueAt) ?? Infinity) - dueAt;
  const longest = Math.min(schedule.jitterSeconds * 1000, room - 1);
  return Math.floor(fractionOf(`${schedule.name} ${dueAt}`) * longest);
}

/** A number from 0 up to 1 that a text always gives: FNV-1a, Fowler, Noll and Vo 1991, 32 bits. */
function fractionOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  // Neighbouring ticks differ in their last digits only: mix those into the upper bits.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}
