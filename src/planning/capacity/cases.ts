import { formatPercent } from '../readable.js';
import type { Candidate } from './candidate.js';
import type { Judge } from './judge.js';
import { midFigures, pointAt, POINT_FIELDS, type ProfileFigures } from './load-point.js';
import { intervalOf, type Deployment, type Interval } from './profile.js';

/** When several intervals are open, so many cases are tried. */
const CASES = 60;
/** When there is much to work out for each. */
const FEW_CASES = 12;

/**
 * Share of the cases within the profile's intervals in which a deployment keeps the waits. Each
 * interval is a triangular distribution; several vary independently, in a fixed pattern (additive
 * recurrence: Roberts 2018) instead of at random.
 */
export function holdsInShare(judge: Judge, deployment: Deployment): number {
  const open = POINT_FIELDS.filter((field) => typeof judge.profile[field] !== 'number');
  const [only] = open;
  if (only === undefined) return judge.keepsWaits(deployment) ? 1 : 0;
  if (open.length === 1) return shareAlong(judge, deployment, only);
  const cases = judge.work.allows(`all but ${FEW_CASES} of the cases`) ? CASES : FEW_CASES;
  let met = 0;
  for (let i = 0; i < cases; i++) {
    const figures = midFigures(judge.profile);
    open.forEach((field, dimension) => {
      figures[field] = valueAt(judge, field, fractional(i, dimension, open.length));
    });
    if (judge.keepsWaits(deployment, pointAt(judge.profile, figures))) met += 1;
  }
  return met / cases;
}

/**
 * A candidate with the share of cases in which it meets the target. When that is less than the profile
 * wants, the target is missed, though it is met at the most likely load.
 */
export function withCases(judge: Judge, candidate: Candidate): Candidate {
  const holdsInShareOfCases =
    candidate.verdict === 'infeasible' ? 0 : holdsInShare(judge, candidate);
  const judged = { ...candidate, holdsInShareOfCases };
  const { confidence = 0 } = judge.profile.target;
  if (candidate.verdict !== 'met' || holdsInShareOfCases >= confidence) return judged;
  const sentence =
    `meets the target in ${formatPercent(holdsInShareOfCases)} of the cases; ` +
    `${formatPercent(confidence)} are wanted.`;
  return { ...judged, verdict: 'missed', excuse: { code: 'notInEnoughCases', sentence } };
}

/** One interval: a target that is kept at one value and missed at another turns once between. */
function shareAlong(judge: Judge, deployment: Deployment, field: keyof ProfileFigures): number {
  const { profile } = judge;
  const mid = midFigures(profile);
  const meets = (share: number): boolean => {
    const figures = { ...mid, [field]: valueAt(judge, field, share) };
    return judge.keepsWaits(deployment, pointAt(profile, figures));
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

function valueAt({ profile }: Judge, field: keyof ProfileFigures, share: number): number {
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
