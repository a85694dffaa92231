import { guideConcurrency, wholeSlots } from '../guide/formulas.js';
import { judge, targetSeconds } from './judge.js';
import type { LoadPoint } from './load-point.js';
import type { Candidate } from './plan.js';
import type { Deployment, Profile } from './profile.js';

/** Fleets larger than this are not looked for. */
const MOST_REPLICAS = 100_000;

/** Above this wait ratio the guides call a task I/O-bound, where slots may outnumber cores. */
const CPU_BOUND_WAIT_RATIO = 0.5;

/**
 * Most slots of a replica to consider: one for each core for work that computes, as many as the
 * guides' formula says for work that waits.
 */
function mostSlots(profile: Profile, { waitRatio }: LoadPoint): number {
  const { cores } = profile.container;
  if (waitRatio <= CPU_BOUND_WAIT_RATIO) return wholeSlots(cores);
  return wholeSlots(guideConcurrency(cores, waitRatio));
}

/** Concurrencies to choose from. */
export function concurrencies(profile: Profile, point: LoadPoint): number[] {
  const { concurrency } = profile.fleet;
  if (concurrency !== undefined) return [concurrency];
  const most = mostSlots(profile, point);
  // More than these add rows, not insight.
  const step = Math.ceil(most / 12);
  return Array.from({ length: Math.ceil(most / step) }, (_, i) => Math.min(most, (i + 1) * step));
}

/**
 * Fewest replicas at a concurrency that meet the target, within `most`; undefined when none do. Each
 * replica more only helps, so it is found by halving.
 */
export function fewestReplicas(
  profile: Profile,
  point: LoadPoint,
  concurrency: number,
  most: number,
): Candidate | undefined {
  const at = (replicas: number): Candidate => judge(profile, point, { replicas, concurrency });
  const target = targetSeconds(profile, point);
  let found = at(most);
  if (!keepsWaits(found, target)) return undefined;
  let failed = profile.fleet.minReplicas - 1;
  while (found.replicas - failed > 1) {
    const middle = at(Math.floor((failed + found.replicas) / 2));
    if (keepsWaits(middle, target)) found = middle;
    else failed = middle.replicas;
  }
  return found;
}

/** Whether waits are as wanted, whatever the limits say. */
function keepsWaits({ wait, queues }: Candidate, targetSeconds: number): boolean {
  return (
    wait !== undefined && wait.p95WaitSeconds <= targetSeconds && queues.every(({ met }) => met)
  );
}

/** Cheapest deployment that meets the target within all limits; of equal ones the faster. */
export function cheapest(profile: Profile, point: LoadPoint): Candidate | undefined {
  return concurrencies(profile, point)
    .map((slots) => fewestReplicas(profile, point, slots, profile.fleet.maxReplicas))
    .filter((candidate) => candidate?.verdict === 'met' && candidate.excuse === undefined)
    .sort((a, b) => compare(a as Candidate, b as Candidate))[0];
}

function compare(a: Candidate, b: Candidate): number {
  const waits = (a.wait?.p95WaitSeconds ?? 0) - (b.wait?.p95WaitSeconds ?? 0);
  return a.cost.perMonth.high - b.cost.perMonth.high || waits || a.slots - b.slots;
}

/** A deployment that keeps the waits when limits are put aside. */
export function beyondLimits(profile: Profile, point: LoadPoint): Candidate | undefined {
  const [widest = 1] = concurrencies(profile, point).slice(-1);
  // Separate slots, unless more are asked for: sharing cores is slow to work out in a large fleet.
  const concurrency =
    profile.fleet.concurrency ?? Math.min(widest, wholeSlots(profile.container.cores));
  for (let most = profile.fleet.minReplicas; most <= MOST_REPLICAS; most *= 2) {
    const found = fewestReplicas(profile, point, concurrency, most);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function sameDeployment(a: Deployment, b: Deployment): boolean {
  return a.replicas === b.replicas && a.concurrency === b.concurrency;
}
