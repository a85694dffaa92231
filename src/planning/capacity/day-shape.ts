import type { ArrivalShape } from '../queueing/offered-load-curve.js';
import { offeredLoadCurve } from '../queueing/offered-load-curve.js';
import type { LoadPoint } from './load-point.js';
import type { Profile } from './profile.js';

const DAY_SECONDS = 86_400;
/** Parts of a day, five minutes each. */
const PARTS = 288;

/** Whether the load has a time of day. */
export function changesOverDay({ hourlyShape, bursts }: Profile): boolean {
  return hourlyShape !== undefined || bursts.length > 0;
}

/** Arrivals over a day, bursts included. */
function dayShape({ hourlyShape, bursts }: Profile, ratePerHour: number): ArrivalShape {
  const hours = hourlyShape ?? [1];
  const mean = hours.reduce((sum, factor) => sum + factor, 0) / hours.length;
  const rates = Array.from({ length: PARTS }, (_, part) => {
    const hour = (part / PARTS) * 24;
    const burst = bursts.find(({ atHour, minutes }) => (hour - atHour + 24) % 24 < minutes / 60);
    const factor = (hours[Math.floor((part / PARTS) * hours.length)] ?? 0) / mean;
    return (burst?.ratePerHour ?? ratePerHour * factor) / 3600;
  });
  return { cycleSeconds: DAY_SECONDS, rates };
}

/**
 * Jobs an hour that load the slots as much, in equilibrium, as the busiest moment of the day does
 * (modified offered load: Jennings, Mandelbaum, Massey and Whitt 1996).
 */
export function busiestRatePerHour(profile: Profile, point: LoadPoint): number {
  if (!changesOverDay(profile)) return point.ratePerHour;
  const shape = dayShape(profile, point.ratePerHour);
  const serviceSeconds = point.serviceTimeMinutes * 60;
  const curve = offeredLoadCurve(shape, { mean: serviceSeconds, scv: point.serviceTimeScv });
  const part = shape.cycleSeconds / PARTS;
  let most = 0;
  for (let i = 1; i <= PARTS; i++) most = Math.max(most, curve(i * part - 1e-6));
  return (most / serviceSeconds) * 3600;
}
