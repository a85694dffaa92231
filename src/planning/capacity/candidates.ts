import { formatPercent, formatSeconds } from '../readable.js';
import type { Candidate, Excuse } from './candidate.js';
import { withCases } from './cases.js';
import type { Judge } from './judge.js';
import type { Deployment } from './profile.js';
import { fewestReplicas, meetingDeployments, sameDeployment } from './search.js';
import { betsOnWaitRatio, guideSlots } from './slots.js';
import { mostReplicas } from './verdict.js';

/** Rows of other concurrencies than the chosen one, at most. */
const MOST_OTHERS = 4;

/**
 * Deployments worth showing beside the chosen one: two fewer and two more replicas, or a slot fewer
 * where replicas can't be, the cheapest that meet the target at other concurrencies, the guides'
 * concurrency, and the deployment in use. By slots, each once.
 */
export function candidatesAround(judge: Judge, { replicas, concurrency }: Candidate): Candidate[] {
  const { fleet, current } = judge.profile;
  const near = [-2, -1, 0, 1, 2]
    .map((step) => ({ replicas: replicas + step, concurrency }))
    .filter((deployment) => deployment.replicas >= fleet.minReplicas);
  const isLeast = replicas === fleet.minReplicas && fleet.concurrency === undefined;
  if (isLeast && concurrency > 1) near.push({ replicas, concurrency: concurrency - 1 });
  const others = meetingDeployments(judge)
    .filter((deployment) => deployment.concurrency !== concurrency)
    .sort((a, b) => a.cost.perMonth.high - b.cost.perMonth.high)
    .slice(0, MOST_OTHERS);
  const wanted: Deployment[] = [
    ...near,
    ...others,
    ...byGuide(judge),
    ...(current ? [current] : []),
  ];
  return wanted
    .filter((one, i) => wanted.findIndex((other) => sameDeployment(other, one)) === i)
    .map((deployment) => withCases(judge, judge.candidate(deployment)))
    .sort((a, b) => a.slots - b.slots || a.concurrency - b.concurrency);
}

/** The guides' concurrency with as many replicas as keep the waits, if the profile leaves it open. */
function byGuide(judge: Judge): Deployment[] {
  const { profile, mid } = judge;
  if (profile.fleet.concurrency !== undefined) return [];
  const concurrency = guideSlots(profile, mid.waitRatio);
  const replicas = fewestReplicas(judge, concurrency, mostReplicas(profile, concurrency));
  return replicas === 0 ? [] : [{ replicas, concurrency }];
}

/** The same list with a reason at each that meets the target as well but was not chosen. */
export function withExcuses(
  judge: Judge,
  candidates: readonly Candidate[],
  chosen: Candidate,
): Candidate[] {
  return candidates.map((candidate) => {
    if (sameDeployment(candidate, chosen)) return withoutExcuse(candidate);
    return { ...candidate, excuse: candidate.excuse ?? whyNot(judge, candidate, chosen) };
  });
}

function withoutExcuse({ excuse: _, ...candidate }: Candidate): Candidate {
  return candidate;
}

function whyNot(judge: Judge, candidate: Candidate, chosen: Candidate): Excuse {
  const more = candidate.cost.perMonth.high - chosen.cost.perMonth.high;
  if (more > 0) {
    const sentence = `meets the target too, for ${Math.ceil(more)} ${candidate.cost.currency} a month more.`;
    return { code: 'costsMore', sentence };
  }
  const { mid, profile } = judge;
  if (betsOnWaitRatio(profile, mid.waitRatio, candidate.concurrency))
    return { code: 'slower', sentence: bet(judge, candidate, chosen) };
  if (more < 0) {
    const sentence = `meets the target too, for ${Math.floor(-more)} ${candidate.cost.currency} a month less.`;
    return { code: 'costsLess', sentence };
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

/** More slots than cores for work that mostly computes: what it saves, and what stands against it. */
function bet(judge: Judge, candidate: Candidate, chosen: Candidate): string {
  const { waitRatio } = judge.mid;
  const saved = Math.floor(chosen.cost.perMonth.high - candidate.cost.perMonth.high);
  const price = saved > 0 ? `, for ${saved} ${candidate.cost.currency} a month less` : '';
  const hangs = !judge.meets(candidate, { ...judge.mid, waitRatio: 0 });
  const [share, ours] = [candidate, chosen].map((one) => formatPercent(one.holdsInShareOfCases));
  const fewer = candidate.holdsInShareOfCases < chosen.holdsInShareOfCases && share !== ours;
  const against = [
    hangs && `hangs on the wait ratio (at 0 instead of ${read(waitRatio)} it misses it)`,
    candidate.wait?.during !== undefined &&
      `no exact formula says how it bears ${candidate.wait.during.name}`,
    fewer && `holds in ${share} of the cases (the answer in ${ours})`,
    `its slots share cores${slowdown(candidate)}`,
  ].filter((reason) => reason !== false);
  return `meets the target${price}, but ${listed(against)}${alert(candidate)}.`;
}

function listed(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length === 1 ? last : `${parts.slice(0, -1).join(', ')}, and ${last}`;
}

function slowdown({ stretch }: Candidate): string {
  return stretch > 1.01 ? `, so a document takes up to ${read(stretch)} times as long` : '';
}

function alert({ memory }: Candidate): string {
  if (memory.verdict !== 'alert') return '';
  const most = Math.max(memory.perProcessMb, memory.sharedMb.high);
  return `; memory may pass the alert line (${read(most / 1000)} GB)`;
}

function read(value: number): string {
  return String(Number(value.toFixed(2)));
}
