import type { QueueName } from '../planning/queue-names.js';

/** A periodic task. */
export interface ScheduleEntry {
  name: string;
  task: string;
  queue: QueueName;
  input: unknown;
  everySeconds: number;
}

export interface DueTick {
  entry: ScheduleEntry;
  /** Milliseconds since the epoch, a whole multiple of the schedule's period. */
  dueAt: number;
}

/**
 * The ticks that are due: for each entry its latest due time, unless that one was enqueued before.
 * @param lastTicks due time (ms) of the last tick of each schedule.
 * @param now milliseconds since the epoch.
 */
export function dueTicks(
  entries: readonly ScheduleEntry[],
  lastTicks: ReadonlyMap<string, number>,
  now: number,
): DueTick[] {
  return entries.flatMap((entry) => {
    const period = entry.everySeconds * 1000;
    const dueAt = Math.floor(now / period) * period;
    return dueAt > (lastTicks.get(entry.name) ?? -Infinity) ? [{ entry, dueAt }] : [];
  });
}
