import { formatRule, recurrenceOf } from '../planning/recurrence.js';
import type { Schedule } from '../planning/schedule.js';
import type { JobResult, ScheduleSnapshot } from '../planning/snapshot.js';

/** What a snapshot brings of the schedules: hashes by name, and what became of the last jobs. */
export interface ScheduleRecords {
  schedules: Record<string, string>;
  ticks: Record<string, string>;
  paused: readonly string[];
  runs: Record<string, string>;
  results: Record<string, string>;
}

interface Known {
  text: string;
  tick: string | undefined;
  schedule: Schedule;
  nextDueAt: number | undefined;
}

/** Makes snapshots of schedules out of their records; a next due time is worked out once. */
export class ScheduleReader {
  #known = new Map<string, Known>();

  /** @param now milliseconds since the epoch, by Redis's clock. */
  read(records: ScheduleRecords, now: number): ScheduleSnapshot[] {
    const paused = new Set(records.paused);
    this.#known = new Map(
      Object.entries(records.schedules).map(([name, text]) => [
        name,
        this.#recall(name, text, records.ticks[name], now),
      ]),
    );
    return [...this.#known.values()]
      .map((known) => snapshotOf(known, records, paused.has(known.schedule.name), now))
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  #recall(name: string, text: string, tick: string | undefined, now: number): Known {
    const before = this.#known.get(name);
    if (before?.text === text && before.tick === tick) return before;
    const schedule = JSON.parse(text) as Schedule;
    const from = tick === undefined ? now : Number(tick);
    return { text, tick, schedule, nextDueAt: recurrenceOf(schedule.rule).next(from) };
  }
}

function snapshotOf(
  { schedule, nextDueAt, tick }: Known,
  { runs, results }: ScheduleRecords,
  paused: boolean,
  now: number,
): ScheduleSnapshot {
  const { name, task, queue, rule, jitterSeconds, lateAfterSeconds } = schedule;
  const run = readRun(runs[name]);
  const lateAt = (nextDueAt ?? Infinity) + (jitterSeconds + lateAfterSeconds) * 1000;
  return {
    name,
    task,
    queue,
    rule: formatRule(rule),
    nextDueAt: paused ? undefined : nextDueAt,
    lastDueAt: run && run.dueAt > 0 ? run.dueAt : undefined,
    lastSentAt: run?.sentAt,
    lastJobId: run?.jobId,
    lastResult: results[name] as JobResult | undefined,
    overdue: !paused && now > lateAt,
    clockSetBack: tick !== undefined && Number(tick) > now,
    paused,
  };
}

interface Run {
  sentAt: number;
  /** Due time of the last tick; 0 when all of its jobs were sent by hand. */
  dueAt: number;
  jobId: string;
}

/** Reads "sentAt dueAt keyPrefix jobId", as the tick script writes it. */
function readRun(text: string | undefined): Run | undefined {
  if (text === undefined) return undefined;
  const [sentAt, dueAt, , jobId = ''] = text.split(' ');
  return { sentAt: Number(sentAt), dueAt: Number(dueAt), jobId };
}
