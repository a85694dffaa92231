import type { Candidate } from './candidate.js';
import { changesOverDay } from './day-shape.js';
import type { Judge } from './judge.js';
import type { LoadPoint } from './load-point.js';
import type { Profile } from './profile.js';
import { costOf } from './resources.js';
import { fewestReplicas } from './search.js';
import { mostReplicas } from './verdict.js';

interface ScheduleEntry {
  /** Hours of the day, from inclusive, to exclusive. */
  fromHour: number;
  toHour: number;
  replicas: number;
  ratePerHour: number;
  p95WaitSeconds: number;
}

/** Replicas by time of day, when the load has one. */
export interface Schedule {
  entries: ScheduleEntry[];
  averageReplicas: number;
  peakReplicas: number;
  offPeakReplicas: number;
  perMonth: number;
  savedPerMonth: number;
}

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/**
 * Replicas for each hour of the day at a concurrency, if the load changes over it. Each hour is
 * staffed for the busier of itself and the hour before, whose work it inherits.
 */
export function scheduleFor(judge: Judge, { concurrency, cost }: Candidate): Schedule | null {
  const { profile, mid } = judge;
  if (!changesOverDay(profile)) return null;
  if (!judge.work.allows('replicas by hour')) return null;
  const steady = judge.under({ hourlyShape: undefined, bursts: [] });
  const most = mostReplicas(profile, concurrency);
  const rates = HOURS.map((hour) => hourRate(profile, mid, hour));
  const hours = rates.map((rate, hour) => {
    const ratePerHour = Math.max(rate, rates[(hour + 23) % 24] ?? 0);
    const point = { ...mid, ratePerHour };
    const replicas = fewestReplicas(steady, concurrency, most, point) || most;
    const { wait } = steady.candidate({ replicas, concurrency }, point);
    return { replicas, ratePerHour: rate, p95WaitSeconds: wait?.p95WaitSeconds ?? 0 };
  });
  const entries = joinEqual(hours);
  const counts = hours.map(({ replicas }) => replicas);
  const averageReplicas = counts.reduce((sum, replicas) => sum + replicas, 0) / 24;
  const perReplica =
    costOf(profile, { replicas: 1, concurrency }, 1).perMonth.high -
    costOf(profile, { replicas: 0, concurrency }, 1).perMonth.high;
  const peakReplicas = Math.max(...counts);
  const savedPerMonth = (peakReplicas - averageReplicas) * perReplica;
  return {
    entries,
    averageReplicas,
    peakReplicas,
    offPeakReplicas: Math.min(...counts),
    perMonth: cost.perMonth.high - savedPerMonth,
    savedPerMonth,
  };
}

function hourRate({ hourlyShape, bursts }: Profile, point: LoadPoint, hour: number): number {
  const mean = hourlyShape ? hourlyShape.reduce((sum, factor) => sum + factor, 0) / 24 : 1;
  const base = (point.ratePerHour * (hourlyShape?.[hour] ?? 1)) / mean;
  const inside = bursts.filter(
    ({ atHour, minutes }) => atHour < hour + 1 && atHour + minutes / 60 > hour,
  );
  return Math.max(base, ...inside.map(({ ratePerHour }) => ratePerHour));
}

function joinEqual(hours: readonly Omit<ScheduleEntry, 'fromHour' | 'toHour'>[]): ScheduleEntry[] {
  const entries: ScheduleEntry[] = [];
  hours.forEach((hour, at) => {
    const last = entries.at(-1);
    if (last?.replicas === hour.replicas) {
      last.toHour = at + 1;
      last.ratePerHour = Math.max(last.ratePerHour, hour.ratePerHour);
      last.p95WaitSeconds = Math.max(last.p95WaitSeconds, hour.p95WaitSeconds);
    } else entries.push({ fromHour: at, toHour: at + 1, ...hour });
  });
  return entries;
}
