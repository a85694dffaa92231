import { offeredLoadCurve, type LoadCurve } from '../queueing/offered-load-curve.js';
import type { LoadPoint } from './load-point.js';
import type { Burst, Profile } from './profile.js';

const DAY_SECONDS = 86_400;
const HOUR_SECONDS = 3600;
/** Parts of a day, five minutes each. */
const PARTS = 288;

/** When jobs arrive: what of a profile makes one time of the day differ from another. */
export type DayShape = Pick<Profile, 'hourlyShape' | 'bursts'>;

/** Whether the load has a time of day. */
export function changesOverDay({ hourlyShape, bursts }: DayShape): boolean {
  return hourlyShape !== undefined || bursts.length > 0;
}

/** A part of the day with one arrival rate. */
export interface DayStretch {
  fromSeconds: number;
  seconds: number;
  ratePerHour: number;
  /** The burst that it belongs to. */
  burst?: Burst;
}

/** A day cut wherever its rate changes, from midnight on; one stretch when it never does. */
export function dayStretches(shape: DayShape, ratePerHour: number): DayStretch[] {
  const edges = new Set([0, DAY_SECONDS]);
  if (shape.hourlyShape !== undefined)
    for (let hour = 1; hour < 24; hour++) edges.add(hour * HOUR_SECONDS);
  for (const burst of shape.bursts) {
    const from = burst.atHour * HOUR_SECONDS;
    edges.add(from).add((from + burst.minutes * 60) % DAY_SECONDS);
  }
  const sorted = [...edges].sort((a, b) => a - b);
  return joined(
    sorted.slice(1).map((end, i) => {
      const fromSeconds = sorted[i] ?? 0;
      const middle = (fromSeconds + end) / 2;
      return { fromSeconds, seconds: end - fromSeconds, ...at(shape, ratePerHour, middle) };
    }),
  );
}

/** Those of one burst, or of one rate without, as one. */
export function joined(stretches: readonly DayStretch[]): DayStretch[] {
  const whole: DayStretch[] = [];
  for (const stretch of stretches) {
    const last = whole.at(-1);
    if (last?.burst === stretch.burst && last?.ratePerHour === stretch.ratePerHour)
      last.seconds += stretch.seconds;
    else whole.push({ ...stretch });
  }
  return whole;
}

function at(
  { hourlyShape = [1], bursts }: DayShape,
  ratePerHour: number,
  seconds: number,
): Pick<DayStretch, 'ratePerHour' | 'burst'> {
  const hour = seconds / HOUR_SECONDS;
  const burst = bursts.find(({ atHour, minutes }) => (hour - atHour + 24) % 24 < minutes / 60);
  if (burst !== undefined) return { ratePerHour: burst.ratePerHour, burst };
  const mean = hourlyShape.reduce((sum, factor) => sum + factor, 0) / hourlyShape.length;
  const factor = hourlyShape[Math.floor((hour / 24) * hourlyShape.length)] ?? 0;
  return { ratePerHour: ratePerHour * (factor / mean) };
}

/** Jobs an hour on the average of the whole day, bursts included. */
export function meanRatePerHour(stretches: readonly DayStretch[]): number {
  const jobs = stretches.reduce((sum, { seconds, ratePerHour }) => sum + seconds * ratePerHour, 0);
  return jobs / DAY_SECONDS;
}

/** Busy slots at each moment of the day, in seconds, if no job had to wait. */
export function loadCurveOf(stretches: readonly DayStretch[], point: LoadPoint): LoadCurve {
  const serviceTime = { mean: point.serviceTimeMinutes * 60, scv: point.serviceTimeScv };
  const rates = ratesInParts(stretches, PARTS);
  return offeredLoadCurve({ cycleSeconds: DAY_SECONDS, rates }, serviceTime);
}

/**
 * Jobs a second in each of so many equal parts of a day. A part that a change falls into has the mean
 * rate of its time.
 */
export function ratesInParts(stretches: readonly DayStretch[], parts: number): number[] {
  const part = DAY_SECONDS / parts;
  const rates = new Array<number>(parts).fill(0);
  for (const { fromSeconds, seconds, ratePerHour } of stretches) {
    const end = fromSeconds + seconds;
    for (let i = Math.floor(fromSeconds / part); i < parts && i * part < end; i++) {
      const inside = Math.min(end, (i + 1) * part) - Math.max(fromSeconds, i * part);
      rates[i] = (rates[i] ?? 0) + ((ratePerHour / HOUR_SECONDS) * inside) / part;
    }
  }
  return rates;
}

/**
 * Jobs an hour that load the slots as much, in equilibrium, as the busiest moment of the day does
 * (modified offered load: Jennings, Mandelbaum, Massey and Whitt 1996).
 */
export function busiestRatePerHour(shape: DayShape, point: LoadPoint): number {
  if (!changesOverDay(shape)) return point.ratePerHour;
  const curve = loadCurveOf(dayStretches(shape, point.ratePerHour), point);
  const part = DAY_SECONDS / PARTS;
  let most = 0;
  for (let i = 1; i <= PARTS; i++) most = Math.max(most, curve(i * part - 1e-6));
  return most / (point.serviceTimeMinutes / 60);
}

/** A stretch in words: `the burst at 10 h`, `the hour from 9 h`. */
export function nameOf({ burst, fromSeconds, seconds }: DayStretch): string {
  if (burst !== undefined) return `the burst at ${hourOf(burst.atHour)} h`;
  const from = fromSeconds / HOUR_SECONDS;
  return `the time from ${hourOf(from)} to ${hourOf((from + seconds / HOUR_SECONDS) % 24)} h`;
}

function hourOf(hour: number): string {
  return String(Number(hour.toFixed(1)));
}
