import { judge } from './judge.js';
import { POINT_FIELDS, midPoint, type LoadPoint } from './load-point.js';
import { intervalOf, type Deployment, type Interval, type Profile } from './profile.js';

/** When several intervals are open, so many cases are tried. */
const CASES = 60;

/**
 * Share of the cases within the profile's intervals in which a deployment meets the target. Each
 * interval is a triangular distribution; several vary independently, in a fixed pattern (additive
 * recurrence: Roberts 2018) instead of at random.
 */
export function holdsInShare(profile: Profile, deployment: Deployment): number {
  const open = POINT_FIELDS.filter((field) => typeof profile[field] !== 'number');
  if (open.length === 0)
    return judge(profile, midPoint(profile), deployment).verdict === 'met' ? 1 : 0;
  const [only] = open;
  if (open.length === 1 && only !== undefined) return shareAlong(profile, deployment, only);
  let met = 0;
  for (let i = 0; i < CASES; i++) {
    const point: LoadPoint = midPoint(profile);
    open.forEach((field, dimension) => {
      point[field] = valueAt(profile, field, fractional(i, dimension, open.length));
    });
    if (judge(profile, point, deployment).verdict === 'met') met += 1;
  }
  return met / CASES;
}

/** One interval: a target that is kept at one value and missed at another turns once between. */
function shareAlong(profile: Profile, deployment: Deployment, field: keyof LoadPoint): number {
  const meets = (share: number): boolean => {
    const point = { ...midPoint(profile), [field]: valueAt(profile, field, share) };
    return judge(profile, point, deployment).verdict === 'met';
  };
  const [atLow, atHigh] = [meets(0), meets(1)];
  if (atLow === atHigh) return atLow ? 1 : 0;
  let [low, high] = [0, 1];
  while (high - low > 0.004) {
    const middle = (low + high) / 2;
    if (meets(middle) === atLow) low = middle;
    else high = middle;
  }
  return atLow ? low : 1 - high;
}

function valueAt(profile: Profile, field: keyof LoadPoint, share: number): number {
  return triangularQuantile(intervalOf(profile[field]), share);
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
