import { judge } from './judge.js';
import { POINT_FIELDS, midPoint, type LoadPoint } from './load-point.js';
import type { Deployment, Interval, Profile } from './profile.js';

/** Values of each interval: so many equally likely ones. */
const VALUES = 15;

/**
 * Share of the cases within the profile's intervals in which a deployment meets the target. Each
 * interval is a triangular distribution; several vary independently, in a fixed pattern (additive
 * recurrence: Roberts 2018) instead of at random.
 */
export function holdsInShare(profile: Profile, deployment: Deployment): number {
  const open = POINT_FIELDS.filter((field) => typeof profile[field] !== 'number');
  if (open.length === 0)
    return judge(profile, midPoint(profile), deployment).verdict === 'met' ? 1 : 0;
  const count = open.length === 1 ? VALUES : 4 * VALUES;
  let met = 0;
  for (let i = 0; i < count; i++) {
    const point: LoadPoint = midPoint(profile);
    open.forEach((field, dimension) => {
      const share = open.length === 1 ? (i + 0.5) / count : fractional(i, dimension, open.length);
      point[field] = triangularQuantile(profile[field] as Interval, share);
    });
    if (judge(profile, point, deployment).verdict === 'met') met += 1;
  }
  return met / count;
}

function fractional(i: number, dimension: number, dimensions: number): number {
  let root = 2;
  for (let step = 0; step < 30; step++) root = (1 + root) ** (1 / (dimensions + 1));
  return (0.5 + (i + 1) * (1 / root) ** (dimension + 1)) % 1;
}

function triangularQuantile({ low, mid, high }: Interval, share: number): number {
  if (high === low) return mid;
  const below = (mid - low) / (high - low);
  return share < below
    ? low + Math.sqrt(share * (high - low) * (mid - low))
    : high - Math.sqrt((1 - share) * (high - low) * (high - mid));
}
