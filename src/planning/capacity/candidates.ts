import { formatSeconds } from '../readable.js';
import { holdsInShare } from './cases.js';
import { judge } from './judge.js';
import type { LoadPoint } from './load-point.js';
import type { Candidate, Excuse } from './plan.js';
import type { Deployment, Profile } from './profile.js';
import { concurrencies, fewestReplicas, sameDeployment } from './search.js';
import { guideConcurrency, wholeSlots } from '../guide/formulas.js';

/** Rows of the table, at most. */
const MOST_CONCURRENCIES = 4;

/**
 * Deployments worth showing beside the chosen one: two fewer and two more replicas, the best at other
 * concurrencies, the guides' concurrency, and the deployment in use. By slots, each once, each with
 * the reason why it is not the one.
 * @param tried candidates that have been judged already, and perhaps simulated.
 */
export function candidatesAround(
  profile: Profile,
  point: LoadPoint,
  centre: Deployment,
  tried: readonly Candidate[],
): Candidate[] {
  const { replicas, concurrency } = centre;
  const { minReplicas } = profile.fleet;
  const near = [-2, -1, 0, 1, 2]
    .map((step) => ({ replicas: replicas + step, concurrency }))
    .filter((deployment) => deployment.replicas >= minReplicas);
  const others = concurrencies(profile, point)
    .filter((slots) => slots !== concurrency)
    .slice(-MOST_CONCURRENCIES)
    .concat(profile.fleet.concurrency === undefined ? [guideSlots(profile, point)] : [])
    .map((slots) => fewestReplicas(profile, point, slots, profile.fleet.maxReplicas))
    .filter((candidate) => candidate !== undefined);
  const wanted: Deployment[] = [...near, ...others, ...(profile.current ? [profile.current] : [])];
  const unique = wanted.filter(
    (deployment, i) => wanted.findIndex((other) => sameDeployment(other, deployment)) === i,
  );
  return unique
    .map((deployment) => {
      const known = tried.find((candidate) => sameDeployment(candidate, deployment));
      return withShare(profile, known ?? judge(profile, point, deployment));
    })
    .sort((a, b) => a.slots - b.slots || a.concurrency - b.concurrency);
}

function guideSlots({ container }: Profile, { waitRatio }: LoadPoint): number {
  return wholeSlots(guideConcurrency(container.cores, waitRatio));
}

function withShare(profile: Profile, candidate: Candidate): Candidate {
  return { ...candidate, holdsInShareOfCases: holdsInShare(profile, candidate) };
}

/** The same list with a reason at each that meets the target as well but was not chosen. */
export function withExcuses(candidates: readonly Candidate[], chosen: Candidate): Candidate[] {
  return candidates.map((candidate) => {
    if (sameDeployment(candidate, chosen)) return withoutExcuse(candidate);
    return { ...candidate, excuse: candidate.excuse ?? whyNot(candidate, chosen) };
  });
}

function withoutExcuse({ excuse: _, ...candidate }: Candidate): Candidate {
  return candidate;
}

function whyNot(candidate: Candidate, chosen: Candidate): Excuse {
  const more = candidate.cost.perMonth.high - chosen.cost.perMonth.high;
  if (more > 0) {
    const sentence = `meets the target too, for ${Math.ceil(more)} ${candidate.cost.currency} a month more.`;
    return { code: 'costsMore', sentence };
  }
  const { verdict, alertMb, perProcessMb, sharedMb } = candidate.memory;
  if (verdict === 'alert' && chosen.memory.verdict === 'fits') {
    const most = Math.max(perProcessMb, sharedMb.high);
    const sentence =
      `meets the target, but may need ${read(most / 1000)} GB a replica, above the alert line of ` +
      `${read(alertMb / 1000)} GB${slowdown(candidate)}.`;
    return { code: 'memoryRisk', sentence };
  }
  if (candidate.stretch > chosen.stretch * 1.01) {
    const sentence =
      `meets the target, but its slots share cores: a busy replica takes ` +
      `${read(candidate.stretch)} times as long for a document.`;
    return { code: 'slower', sentence };
  }
  const wait = candidate.wait?.p95WaitSeconds ?? 0;
  if (wait > (chosen.wait?.p95WaitSeconds ?? 0)) {
    const sentence = `costs the same, with a longer p95 wait: ${formatSeconds(wait)}.`;
    return { code: 'slower', sentence };
  }
  return { code: 'moreSlots', sentence: 'costs the same, with more slots than are needed.' };
}

function slowdown({ stretch }: Candidate): string {
  return stretch > 1.01
    ? `; its slots share cores, so a document takes up to ${read(stretch)} times as long`
    : '';
}

function read(value: number): string {
  return String(Number(value.toFixed(2)));
}
