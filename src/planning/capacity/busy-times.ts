import { waitsUnderChange } from '../queueing/changing-load.js';
import type { ChangingStation } from '../queueing/state-grid.js';
import type { StretchWait } from '../queueing/stretch-wait.js';
import { dayStretches, loadCurveOf, joined, type DayShape, type DayStretch } from './day-shape.js';
import type { LoadPoint } from './load-point.js';

/** Days after which a backlog that is carried over no longer changes. */
const DAYS = 60;

/** The part of a day that has to be followed as it passes, because no equilibrium describes it. */
export interface BusyTimes {
  /** Jobs an hour that, in equilibrium, load the slots as they are before the first stretch. */
  startRatePerHour: number;
  /** From an earlier day, when that left more in the system than there are slots; else 0. */
  startingJobs: number;
  /** Seconds that what is in the system at the first stretch goes back. */
  backSeconds: number;
  /** In the order in which they pass. */
  stretches: DayStretch[];
  /** Whether every stretch counts, or the bursts alone. */
  overloadedByHours: boolean;
  /** Whether what was before the first is known exactly: a steady load for as long as it takes. */
  startsInEquilibrium: boolean;
}

/** Jobs that arrive in one stretch, and how they wait. */
export interface BusyWait {
  stretch: DayStretch;
  /** Seconds from the first stretch to this one. */
  passed: number;
  wait: StretchWait;
}

/**
 * What to follow of a day: its bursts and what lies between them; all of the day when its hours alone
 * bring more than can be finished. Nothing for a day that is never far from equilibrium.
 * @param perHour jobs an hour that all slots finish: more than arrive on the average of the day.
 * @param steadyRatePerHour at the busiest moment of a day without bursts.
 */
export function busyTimesOf(
  shape: DayShape,
  point: LoadPoint,
  steadyRatePerHour: number,
  capacity: { slots: number; perHour: number },
): BusyTimes | undefined {
  const overloaded = steadyRatePerHour >= capacity.perHour;
  if (!overloaded && shape.bursts.length === 0) return undefined;
  const day = dayStretches(shape, point.ratePerHour);
  const first = overloaded ? quietest(day, point) : afterLongestGap(day);
  const inOrder = joined([...day.slice(first), ...day.slice(0, first)]);
  const last = overloaded ? inOrder.length : inOrder.findLastIndex(({ burst }) => burst) + 1;
  const startSeconds = inOrder[0]?.fromSeconds ?? 0;
  const level = lastingLevel(inOrder, capacity);
  const startingJobs = level > capacity.slots ? level : 0;
  const load = loadCurveOf(day, point)(startSeconds - 1e-6) / (point.serviceTimeMinutes / 60);
  return {
    startRatePerHour: Math.min(load, 0.999 * capacity.perHour),
    startingJobs,
    backSeconds: startingJobs > 0 ? 2 * 86_400 : 0,
    stretches: inOrder.slice(0, last),
    overloadedByHours: overloaded,
    startsInEquilibrium: shape.hourlyShape === undefined && startingJobs === 0,
  };
}

/** The stretch before which the slots have least to do. */
function quietest(day: readonly DayStretch[], point: LoadPoint): number {
  const curve = loadCurveOf(day, point);
  const loads = day.map(({ fromSeconds }) => curve(fromSeconds - 1e-6));
  return loads.indexOf(Math.min(...loads));
}

/** The burst that begins after the longest time without any. */
function afterLongestGap(day: readonly DayStretch[]): number {
  let [found, longest] = [0, -1];
  day.forEach(({ burst }, i) => {
    if (burst === undefined) return;
    let gap = 0;
    for (let back = 1; back < day.length; back++) {
      const before = day[(i - back + day.length) % day.length];
      if (before === undefined || before.burst !== undefined) break;
      gap += before.seconds;
    }
    if (gap > longest) [found, longest] = [i, gap];
  });
  return found;
}

/** Jobs in the system as a flow, at the end of a day that has passed often enough. */
function lastingLevel(
  inOrder: readonly DayStretch[],
  { slots, perHour }: { slots: number; perHour: number },
): number {
  let level = 0;
  for (let day = 0; day < DAYS; day++) {
    const before = level;
    for (const { seconds, ratePerHour } of inOrder)
      level = levelAfter(level, ratePerHour, seconds / 3600, slots, perHour);
    if (Math.abs(level - before) < 1e-6 * slots) break;
  }
  return level;
}

/** n′ = rate − capacity × min(1, n/slots), over so many hours. */
function levelAfter(
  level: number,
  rate: number,
  hours: number,
  slots: number,
  perHour: number,
): number {
  const perSlot = perHour / slots;
  let left = hours;
  let now = level;
  if (now > slots) {
    const spare = perHour - rate;
    const full = spare > 0 ? (now - slots) / spare : Infinity;
    if (full >= left) return now - spare * left;
    left -= full;
    now = slots;
  }
  const settled = rate / perSlot;
  const kept = Math.exp(-perSlot * left);
  if (settled <= slots) return settled + (now - settled) * kept;
  const filling = Math.log((settled - now) / (settled - slots)) / perSlot;
  return filling >= left
    ? settled + (now - settled) * kept
    : slots + (rate - perHour) * (left - filling);
}

/** Waits in each stretch that counts: the bursts, or all when hours alone are too much. */
export function busyWaits(station: ChangingStation, times: BusyTimes): BusyWait[] {
  const waits = waitsUnderChange(
    station,
    times.startRatePerHour / 3600,
    times.stretches.map(({ seconds, ratePerHour }) => ({
      seconds,
      arrivalRate: ratePerHour / 3600,
    })),
    times.startingJobs,
  );
  let seconds = 0;
  const all = times.stretches.map((stretch, i) => {
    const passed = seconds;
    seconds += stretch.seconds;
    return { stretch, passed, wait: waits[i] as StretchWait };
  });
  return all.filter(
    ({ stretch }) => stretch.ratePerHour > 0 && (times.overloadedByHours || stretch.burst),
  );
}
