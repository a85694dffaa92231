import type { Judge } from './judge.js';
import type { LoadPoint, ProfileFigures } from './load-point.js';
import type { Deployment } from './profile.js';
import { fewestReplicas } from './search.js';
import { mostReplicas } from './verdict.js';

/** Where one input turns the answer; absent where nothing within a factor of 100 does. */
export interface BreakEven {
  field: string;
  value: number;
  /** Beyond this the chosen deployment misses its target. */
  failsAt?: number;
  failsWhen?: 'above' | 'below';
  /** The deployment that is then needed; absent when none within the limits would do. */
  thenNeeds?: Deployment;
  sentence: string;
}

const FURTHEST_FACTOR = 100;
/** Beyond this the formulas are no guide. */
const FURTHEST_SCV = 9;

const NAMES: Readonly<Record<keyof ProfileFigures, { name: string; unit: string }>> = {
  ratePerHour: { name: 'arrivals', unit: '/h' },
  serviceTimeMinutes: { name: 'service time', unit: ' min' },
  serviceTimeScv: { name: 'scv of the service time', unit: '' },
  waitRatio: { name: 'wait ratio', unit: '' },
};

/** Where each input turns the answer, all others at their most likely value. */
export function breakEvens(judge: Judge, chosen: Deployment): BreakEven[] {
  // A target that follows from the service time must not move with it.
  const p95WaitMinutes = judge.targetSeconds() / 60;
  const fixed = judge.under({ target: { ...judge.profile.target, p95WaitMinutes } });
  return (Object.keys(NAMES) as (keyof ProfileFigures)[]).flatMap((field) => {
    if (judge.mid[field] === 0 || furthestFactor(judge, field) <= 1) return [];
    return judge.work.allows('what would change the answer')
      ? [breakEven(fixed, chosen, field)]
      : [];
  });
}

/** How far an input is moved. */
function furthestFactor({ mid }: Judge, field: keyof ProfileFigures): number {
  return field === 'serviceTimeScv' ? FURTHEST_SCV / mid[field] : FURTHEST_FACTOR;
}

function breakEven(judge: Judge, chosen: Deployment, field: keyof ProfileFigures): BreakEven {
  const value = judge.mid[field];
  const at = (factor: number): LoadPoint => ({ ...judge.mid, [field]: value * factor });
  const meets = (factor: number): boolean => judge.meets(chosen, at(factor));
  const furthest = furthestFactor(judge, field);
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
  const beyond = at(when === 'above' ? factor * 1.001 : factor / 1.001);
  const next = nextDeployment(judge, beyond, chosen);
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
  judge: Judge,
  point: LoadPoint,
  { concurrency }: Deployment,
): Deployment | undefined {
  const most = mostReplicas(judge.profile, concurrency);
  const replicas = fewestReplicas(judge, concurrency, most, point);
  return replicas === 0 ? undefined : { replicas, concurrency };
}

function read(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function percentOf(factor: number): string {
  const change = Math.round((factor - 1) * 100);
  return `${change >= 0 ? '+' : '−'}${Math.abs(change)} %`;
}
