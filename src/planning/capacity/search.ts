import { wholeSlots } from '../guide/formulas.js';
import { slotThroughput } from '../queueing/contention.js';
import type { Candidate } from './candidate.js';
import { holdsInShare } from './cases.js';
import type { Judge } from './judge.js';
import type { LoadPoint } from './load-point.js';
import type { Deployment } from './profile.js';
import { betsOnWaitRatio, recommendedSlots, slotsToConsider } from './slots.js';
import { mostReplicas } from './verdict.js';
import { SEARCH_WORK, waitWork } from './work.js';

/** Fleets larger than this are not looked for. */
const MOST_REPLICAS = 100_000;

/**
 * Fewest replicas at a concurrency that keep the waits, within `most`; 0 when none do. Each replica
 * more only helps, so from those that just keep up they are doubled, then halved between.
 */
export function fewestReplicas(
  judge: Judge,
  concurrency: number,
  most: number,
  point?: LoadPoint,
): number {
  const { minReplicas } = judge.profile.fleet;
  const least = Math.max(minReplicas, fewestStable(judge, concurrency, point));
  return fewestFrom(least, most, (replicas) => judge.keepsWaits({ replicas, concurrency }, point));
}

/** The least number, within `most`, that is enough; 0 when none is. What is enough stays so above. */
function fewestFrom(least: number, most: number, enough: (count: number) => boolean): number {
  let failed = least - 1;
  let found = least;
  for (let step = 1; found <= most && !enough(found); step *= 2) {
    failed = found;
    found = failed === most ? most + 1 : Math.min(most, failed + step);
  }
  if (found > most) return 0;
  while (found - failed > 1) {
    const middle = Math.floor((failed + found) / 2);
    if (enough(middle)) found = middle;
    else failed = middle;
  }
  return found;
}

/** The same, in so many of the cases within the profile's intervals as it wants. */
function fewestInCases(judge: Judge, concurrency: number, most: number): number {
  const least = fewestReplicas(judge, concurrency, most);
  const { confidence } = judge.profile.target;
  if (least === 0 || confidence === undefined) return least;
  return fewestFrom(
    least,
    most,
    (replicas) => holdsInShare(judge, { replicas, concurrency }) >= confidence,
  );
}

/** Fewest replicas that finish more than arrives. */
function fewestStable(judge: Judge, concurrency: number, point = judge.mid): number {
  const { serviceTimeMinutes, waitRatio } = point;
  const { cores } = judge.profile.container;
  const { throughput } = slotThroughput({ cores, slots: concurrency, waitRatio });
  const perHour = (throughput * (1 + waitRatio) * 60) / serviceTimeMinutes;
  return Math.floor(judge.meanRate(point) / perHour) + 1;
}

/** The best deployment of each concurrency that keeps the waits within all limits, best first. */
export function meetingDeployments(judge: Judge): Candidate[] {
  const meeting = affordable(judge)
    .map((concurrency) => {
      const most = mostReplicas(judge.profile, concurrency);
      return { concurrency, replicas: fewestInCases(judge, concurrency, most) };
    })
    .filter(({ replicas }) => replicas > 0)
    .map((deployment) => judge.candidate(deployment))
    .filter(({ verdict }) => verdict === 'met')
    .sort((a, b) => risk(a) - risk(b) || compare(a, b));
  const sharing = ({ concurrency }: Candidate): boolean =>
    betsOnWaitRatio(judge.profile, judge.mid.waitRatio, concurrency);
  const separate = meeting.find((candidate) => !sharing(candidate));
  if (separate === undefined) return meeting;
  const isBet = (one: Candidate): boolean => sharing(one) && !isSure(judge, one, separate);
  const bets = new Set(meeting.filter(isBet));
  const bet = (candidate: Candidate): number => Number(bets.has(candidate));
  return meeting.sort((a, b) => risk(a) - risk(b) || bet(a) - bet(b) || compare(a, b));
}

/**
 * Whether slots that share cores hold wherever separate ones do, even if jobs never wait for I/O. How
 * they bear a burst, only an approximation says.
 */
function isSure(judge: Judge, candidate: Candidate, separate: Candidate): boolean {
  return (
    candidate.wait?.during === undefined &&
    candidate.memory.verdict === 'fits' &&
    judge.meets(candidate, { ...judge.mid, waitRatio: 0 }) &&
    holdsInShare(judge, candidate) >= holdsInShare(judge, separate)
  );
}

/** Evaluations that finding the fewest replicas takes. */
const EVALUATIONS = 16;
/** The same, in each of many cases. */
const EVALUATIONS_IN_CASES = 300;

/** Concurrencies to search, the recommended one first; fewer when each takes long to work out. */
function affordable(judge: Judge): number[] {
  const { profile, mid, work } = judge;
  const best = recommendedSlots(profile, mid.waitRatio);
  const all = slotsToConsider(profile, mid.waitRatio);
  const byNearness = [...all].sort((a, b) => Math.abs(a - best) - Math.abs(b - best));
  let left = SEARCH_WORK;
  const kept = byNearness.filter((concurrency, i) => {
    left -= searchWork(judge, concurrency);
    return i === 0 || left > 0;
  });
  if (kept.length < all.length) work.cut('some numbers of slots');
  return kept;
}

function searchWork(judge: Judge, concurrency: number): number {
  const replicas = Math.min(MOST_REPLICAS, fewestStable(judge, concurrency));
  const each = judge.profile.target.confidence === undefined ? EVALUATIONS : EVALUATIONS_IN_CASES;
  return each * waitWork(judge.question(), { replicas, concurrency });
}

/** What surely runs comes first. */
function risk({ memory }: Candidate): number {
  return Number(memory.verdict === 'risky');
}

/** The cheaper first, of equally cheap ones the faster. */
function compare(a: Candidate, b: Candidate): number {
  const cost = a.cost.perMonth.high - b.cost.perMonth.high;
  const waits = (a.wait?.p95WaitSeconds ?? 0) - (b.wait?.p95WaitSeconds ?? 0);
  return cost || waits || a.slots - b.slots;
}

/** When no deployment meets the target: the one that finishes most of those that can be run. */
export function bestEffort(judge: Judge): Candidate {
  const { profile } = judge;
  const all = affordable(judge).map((concurrency) => {
    const replicas = Math.max(profile.fleet.minReplicas, mostReplicas(profile, concurrency));
    return judge.candidate({ replicas, concurrency });
  });
  const possible = all.filter(({ verdict }) => verdict !== 'infeasible');
  const safe = possible.filter(({ memory }) => memory.verdict !== 'risky');
  const [pool] = [safe, possible].filter((some) => some.length > 0);
  if (pool === undefined) return beyondLimits(judge) ?? (all[0] as Candidate);
  return pool.reduce((most, candidate) =>
    candidate.capacityPerHour > most.capacityPerHour ? candidate : most,
  );
}

/** A deployment that keeps the waits when limits are put aside. */
export function beyondLimits(judge: Judge): Candidate | undefined {
  const { container, fleet } = judge.profile;
  const widest = Math.max(...slotsToConsider(judge.profile, judge.mid.waitRatio));
  // Separate slots, unless more are asked for: sharing cores is slow to work out in a large fleet.
  const concurrency = fleet.concurrency ?? Math.min(widest, wholeSlots(container.cores));
  if (!judge.work.allows('what would do', searchWork(judge, concurrency))) return undefined;
  const replicas = fewestInCases(judge, concurrency, MOST_REPLICAS);
  return replicas === 0 ? undefined : judge.candidate({ replicas, concurrency });
}

export function sameDeployment(a: Deployment, b: Deployment): boolean {
  return a.replicas === b.replicas && a.concurrency === b.concurrency;
}
