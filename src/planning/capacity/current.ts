import type { Candidate } from './candidate.js';
import { withCases } from './cases.js';
import type { Judge } from './judge.js';
import { sameDeployment } from './search.js';

/** What is wrong with the deployment in use, and what changing to the chosen one does. */
export interface Judgement {
  candidate: Candidate;
  sentence: string;
  /** Chosen minus current. */
  replicasDelta: number;
  costDeltaPerMonth: number;
}

/** Judges what runs today; null when the profile doesn't say. */
export function judgeCurrent(judge: Judge, chosen: Candidate): Judgement | null {
  const { current } = judge.profile;
  if (current === undefined) return null;
  const candidate = withCases(judge, judge.candidate(current));
  const name = `Your ${candidate.replicas} × ${candidate.concurrency}`;
  const reason = candidate.excuse?.sentence;
  const unsuitable = candidate.verdict === 'unstable' ? 'can’t keep up: it' : 'does not hold:';
  const sentence =
    reason !== undefined
      ? `${name} ${unsuitable} ${reason}`
      : sameDeployment(candidate, chosen)
        ? `${name} is the answer: it holds.`
        : `${name} holds; the answer is cheaper or no dearer.`;
  return {
    candidate,
    sentence,
    replicasDelta: chosen.replicas - candidate.replicas,
    costDeltaPerMonth: chosen.cost.perMonth.high - candidate.cost.perMonth.high,
  };
}
