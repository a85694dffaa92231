import { formatSeconds } from '../readable.js';
import { breakEvens } from './break-evens.js';
import { burstReports } from './bursts.js';
import { EXIT_CODES, type Candidate } from './candidate.js';
import { candidatesAround, withExcuses } from './candidates.js';
import { withCases } from './cases.js';
import { contradictionsFor } from './contradictions.js';
import { judgeCurrent } from './current.js';
import { guideAnswer } from './guide-answer.js';
import { inputsOf, type InputSource } from './inputs.js';
import { Judge } from './judge.js';
import type { PlanResult, Refusal } from './plan.js';
import type { Deployment, Profile } from './profile.js';
import { scheduleFor } from './schedule.js';
import { beyondLimits, bestEffort, meetingDeployments } from './search.js';
import { warningsFor } from './warnings.js';
import { explainWhy } from './why.js';

export interface PlanOptions {
  /** Judge this deployment instead of choosing one. */
  deployment?: Deployment;
  /** Where each field of the profile has come from, by dotted path. Default: all given. */
  sources?: ReadonlyMap<string, InputSource>;
}

/** Simulations, at most, in the search for an answer that none refutes. */
const SIMULATED_STEPS = 12;

/**
 * How much capacity a load needs: the cheapest deployment that keeps the target within all limits, or
 * a refusal that says why there is none and what would do. A load that is too high, or a target that
 * can't be met, is a result.
 */
export function planCapacity(profile: Profile, options: PlanOptions = {}): PlanResult {
  const judge = new Judge(profile);
  const chosen = withCases(judge, settled(judge, options.deployment));
  if (profile.current !== undefined) judge.simulate(profile.current);
  const guide = guideAnswer(profile);
  const instead = chosen.verdict === 'met' ? null : wouldDo(judge);
  const body = {
    profile: profile.name,
    fixed: options.deployment !== undefined,
    headline: headline(judge, chosen),
    target: {
      p95WaitSeconds: judge.targetSeconds(),
      source: options.sources?.get('target.p95WaitMinutes') ?? ('default' as const),
    },
    current: judgeCurrent(judge, chosen),
    candidates: withExcuses(judge, candidatesAround(judge, chosen), chosen),
    guide,
    why: explainWhy(judge, chosen),
    queues: chosen.queues,
    memory: chosen.memory,
    cost: chosen.cost,
    schedule: scheduleFor(judge, chosen),
    bursts: burstReports(profile, chosen),
    breakEvens: chosen.verdict === 'met' ? breakEvens(judge, chosen) : [],
    warnings: warningsFor(judge, chosen),
    contradictions: contradictionsFor(judge, guide, chosen),
    inputs: inputsOf(profile, options.sources),
    checks: judge.checks,
  };
  const { verdict } = chosen;
  if (verdict === 'met') return { ...body, verdict, exitCode: 0, chosen };
  return {
    ...body,
    verdict,
    exitCode: EXIT_CODES[verdict],
    chosen,
    excuse: chosen.excuse ?? { code: 'missesTarget', sentence: 'misses the target.' },
    wouldDo: instead,
  };
}

/** The answer, or the deployment that was asked about; simulated where formulas are weak. */
function settled(judge: Judge, asked: Deployment | undefined): Candidate {
  let found = choose(judge, asked);
  for (let step = 0; step < SIMULATED_STEPS && judge.simulate(found); step++)
    found = choose(judge, asked);
  return found;
}

function choose(judge: Judge, asked: Deployment | undefined): Candidate {
  if (asked !== undefined) return judge.candidate(asked);
  return meetingDeployments(judge)[0] ?? bestEffort(judge);
}

function headline(judge: Judge, chosen: Candidate): string {
  const { replicas, concurrency, wait, cost } = chosen;
  const amount = `${Math.round(cost.perMonth.high)} ${cost.currency} a month`;
  const waits =
    wait === undefined
      ? `the backlog grows by ${Number(chosen.backlogGrowthPerHour.toFixed(1))} an hour`
      : `p95 wait ${formatSeconds(wait.p95WaitSeconds)} (target ${formatSeconds(judge.targetSeconds())})`;
  const many = replicas === 1 ? 'replica' : 'replicas';
  return `${replicas} ${many} × ${concurrency} ${concurrency === 1 ? 'slot' : 'slots'}: ${waits}, ${amount}`;
}

function wouldDo(judge: Judge): Refusal['wouldDo'] {
  const enough = beyondLimits(judge);
  if (enough === undefined) return null;
  const { replicas, concurrency, slots, excuse } = enough;
  return { replicas, concurrency, slots, breaks: excuse?.sentence ?? null };
}
