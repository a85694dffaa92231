import { judge, targetSeconds } from './judge.js';
import { midPoint, type LoadPoint } from './load-point.js';
import type { BreakEven } from './plan.js';
import type { Deployment, Profile } from './profile.js';
import { fewestReplicas } from './search.js';

const FURTHEST_FACTOR = 100;
/** Beyond this the formulas are no guide. */
const FURTHEST_SCV = 9;

const NAMES: Readonly<Record<keyof LoadPoint, { name: string; unit: string }>> = {
  ratePerHour: { name: 'arrivals', unit: '/h' },
  serviceTimeMinutes: { name: 'service time', unit: ' min' },
  serviceTimeScv: { name: 'scv of the service time', unit: '' },
  waitRatio: { name: 'wait ratio', unit: '' },
};

/** Where each input turns the answer, all others at their most likely value. */
export function breakEvens(profile: Profile, chosen: Deployment): BreakEven[] {
  const fixed = { ...profile, target: { ...profile.target } };
  // A target that follows from the service time must not move with it.
  fixed.target.p95WaitMinutes = targetSeconds(profile, midPoint(profile)) / 60;
  return (Object.keys(NAMES) as (keyof LoadPoint)[]).flatMap((field) =>
    midPoint(profile)[field] > 0 && furthestFactor(profile, field) > 1
      ? [breakEven(fixed, chosen, field)]
      : [],
  );
}

/** How far an input is moved. */
function furthestFactor(profile: Profile, field: keyof LoadPoint): number {
  return field === 'serviceTimeScv' ? FURTHEST_SCV / midPoint(profile)[field] : FURTHEST_FACTOR;
}

function breakEven(profile: Profile, chosen: Deployment, field: keyof LoadPoint): BreakEven {
  const value = midPoint(profile)[field];
  const at = (factor: number): LoadPoint => ({ ...midPoint(profile), [field]: value * factor });
  const meets = (factor: number): boolean => judge(profile, at(factor), chosen).verdict === 'met';
  const furthest = furthestFactor(profile, field);
  const { name, unit } = NAMES[field];
  const from = `${name} ${read(value)}${unit}`;
  // Less of the others only shortens waits; a lower wait ratio makes slots compete for cores.
  const fallsShort = (): boolean => field === 'waitRatio' && !meets(1 / furthest);
  const when = !meets(furthest) ? 'above' : fallsShort() ? 'below' : undefined;
  if (when === undefined) {
    return {
      field,
      value,
      sentence: `${from}: the answer holds at any value within a factor of ${read(furthest)}.`,
    };
  }
  const factor = turningFactor(meets, when, furthest);
  const failsAt = value * factor;
  const next = nextDeployment(
    profile,
    at(when === 'above' ? factor * 1.001 : factor / 1.001),
    chosen,
  );
  const then =
    next === undefined
      ? 'nothing within the limits would do'
      : `${next.replicas} × ${next.concurrency} would be needed`;
  return {
    field,
    value,
    failsAt,
    failsWhen: when,
    ...(next && { thenNeeds: next }),
    sentence: `${from}: ${when} ${read(failsAt)}${unit} (${percentOf(factor)}) ${then}.`,
  };
}

/** The factor up to which (or down to which) a deployment meets its target, to a thousandth. */
function turningFactor(
  meets: (factor: number) => boolean,
  when: 'above' | 'below',
  furthest: number,
): number {
  const power = when === 'above' ? 1 : -1;
  let met = 1;
  let missed = furthest;
  while (missed / met > 1.001) {
    const middle = Math.sqrt(met * missed);
    if (meets(middle ** power)) met = middle;
    else missed = middle;
  }
  return met ** power;
}

function nextDeployment(
  profile: Profile,
  point: LoadPoint,
  { concurrency }: Deployment,
): Deployment | undefined {
  const found = fewestReplicas(profile, point, concurrency, profile.fleet.maxReplicas);
  return found?.verdict === 'met' ? { replicas: found.replicas, concurrency } : undefined;
}

function read(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function percentOf(factor: number): string {
  const change = Math.round((factor - 1) * 100);
  return `${change >= 0 ? '+' : '−'}${Math.abs(change)} %`;
}
