import { formatSeconds } from '../readable.js';
import { breakEvens } from './break-evens.js';
import { candidatesAround, withExcuses } from './candidates.js';
import { holdsInShare } from './cases.js';
import { checkBySimulation } from './checks.js';
import { burstReports, scheduleFor } from './day.js';
import { contradictionsFor } from './contradictions.js';
import { guideAnswer } from './guide-answer.js';
import { judge, targetSeconds, withSimulatedWait } from './judge.js';
import { midPoint, type LoadPoint } from './load-point.js';
import {
  EXIT_CODES,
  type Candidate,
  type Check,
  type Input,
  type InputSource,
  type Judgement,
  type PlanResult,
  type Warning,
} from './plan.js';
import type { Deployment, Profile } from './profile.js';
import { beyondLimits, cheapest, concurrencies, sameDeployment } from './search.js';
import { explainWhy } from './why.js';

export interface PlanOptions {
  /** Judge this deployment instead of choosing one. */
  deployment?: Deployment;
  /** Where each field of the profile has come from, by dotted path. Default: all given. */
  sources?: ReadonlyMap<string, InputSource>;
}

/** The answer of a search or the deployment that was asked about. */
interface Choice {
  chosen: Candidate;
  /** All that were looked at on the way, the chosen one last. */
  tried: Candidate[];
  checks: Check[];
}

/** Replicas to add, at most, when a simulation says that a formula was too hopeful. */
const SIMULATED_STEPS = 12;

/**
 * How much capacity a load needs: the cheapest deployment that keeps the target within all limits, or
 * a refusal that says why there is none and what would do. A load that is too high, or a target that
 * can't be met, is a result.
 */
export function planCapacity(profile: Profile, options: PlanOptions = {}): PlanResult {
  const point = midPoint(profile);
  const { chosen: found, tried, checks } = choose(profile, point, options.deployment);
  const chosen = { ...found, holdsInShareOfCases: holdsInShare(profile, found) };
  const guide = guideAnswer(profile);
  const candidates = withExcuses(candidatesAround(profile, point, chosen, tried), chosen);
  const body = {
    profile: profile.name,
    fixed: options.deployment !== undefined,
    headline: headline(profile, point, chosen),
    target: {
      p95WaitSeconds: targetSeconds(profile, point),
      source: options.sources?.get('target.p95WaitMinutes') ?? ('default' as const),
    },
    current: judgeCurrent(profile, point, chosen, tried),
    candidates,
    guide,
    why: explainWhy(profile, point, chosen),
    queues: chosen.queues,
    memory: chosen.memory,
    cost: chosen.cost,
    schedule: scheduleFor(profile, point, chosen),
    bursts: burstReports(profile, chosen),
    breakEvens: chosen.verdict === 'met' ? breakEvens(profile, chosen) : [],
    warnings: warningsFor(profile, chosen, checks),
    contradictions: contradictionsFor(profile, guide, chosen),
    inputs: inputsOf(profile, options.sources),
    checks,
  };
  const { verdict } = chosen;
  if (verdict === 'met') return { ...body, verdict, exitCode: 0, chosen };
  const enough = beyondLimits(profile, point);
  return {
    ...body,
    verdict,
    exitCode: EXIT_CODES[verdict],
    chosen,
    excuse: chosen.excuse ?? { code: 'missesTarget', sentence: 'misses the target.' },
    wouldDo:
      enough === undefined
        ? null
        : {
            replicas: enough.replicas,
            concurrency: enough.concurrency,
            slots: enough.slots,
            breaks: enough.excuse?.sentence ?? null,
          },
  };
}

function choose(profile: Profile, point: LoadPoint, asked: Deployment | undefined): Choice {
  if (asked !== undefined) return checked(profile, point, judge(profile, point, asked));
  let choice = checked(profile, point, cheapest(profile, point) ?? best(profile, point));
  for (let step = 0; step < SIMULATED_STEPS && choice.chosen.verdict === 'missed'; step++) {
    const { chosen } = choice;
    const larger = judge(profile, point, { ...chosen, replicas: chosen.replicas + 1 });
    if (larger.verdict === 'infeasible') break;
    const next = checked(profile, point, larger);
    choice = {
      chosen: next.chosen,
      tried: [...choice.tried, ...next.tried],
      checks: [...choice.checks, ...next.checks],
    };
  }
  return choice;
}

/** Where formulas are weak a simulation has the last word, unless it agrees with them. */
function checked(profile: Profile, point: LoadPoint, candidate: Candidate): Choice {
  const check = checkBySimulation(profile, point, candidate);
  if (check === undefined) return { chosen: candidate, tried: [candidate], checks: [] };
  const { agree, simulatedP95WaitSeconds } = check;
  const chosen = agree
    ? candidate
    : withSimulatedWait(profile, point, candidate, simulatedP95WaitSeconds.mid);
  return { chosen, tried: [chosen], checks: [check] };
}

/** When no deployment meets the target: the one with the most slots that can be run. */
function best(profile: Profile, point: LoadPoint): Candidate {
  const all = concurrencies(profile, point).map((concurrency) =>
    judge(profile, point, { replicas: profile.fleet.maxReplicas, concurrency }),
  );
  const possible = all.filter(({ verdict }) => verdict !== 'infeasible');
  const pool = possible.length > 0 ? possible : all;
  return pool.reduce((most, candidate) =>
    candidate.capacityPerHour > most.capacityPerHour ? candidate : most,
  );
}

function headline(profile: Profile, point: LoadPoint, chosen: Candidate): string {
  const { replicas, concurrency, wait, cost } = chosen;
  const amount = `${Math.round(cost.perMonth.high)} ${cost.currency} a month`;
  const waits =
    wait === undefined
      ? `the backlog grows by ${Number(chosen.backlogGrowthPerHour.toFixed(1))} an hour`
      : `p95 wait ${formatSeconds(wait.p95WaitSeconds)} (target ${formatSeconds(targetSeconds(profile, point))})`;
  const many = replicas === 1 ? 'replica' : 'replicas';
  return `${replicas} ${many} × ${concurrency} ${concurrency === 1 ? 'slot' : 'slots'}: ${waits}, ${amount}`;
}

function judgeCurrent(
  profile: Profile,
  point: LoadPoint,
  chosen: Candidate,
  tried: readonly Candidate[],
): Judgement | null {
  const { current } = profile;
  if (current === undefined) return null;
  const candidate =
    tried.find((one) => sameDeployment(one, current)) ?? judge(profile, point, current);
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
    candidate: { ...candidate, holdsInShareOfCases: holdsInShare(profile, candidate) },
    sentence,
    replicasDelta: chosen.replicas - candidate.replicas,
    costDeltaPerMonth: chosen.cost.perMonth.high - candidate.cost.perMonth.high,
  };
}

function warningsFor(profile: Profile, chosen: Candidate, checks: readonly Check[]): Warning[] {
  const warnings: Warning[] = [];
  const share = chosen.holdsInShareOfCases;
  const { confidence } = profile.target;
  if (share < 1 || confidence !== undefined) {
    const wanted = confidence === undefined ? '' : `, ${Math.round(confidence * 100)} % are wanted`;
    warnings.push({
      code: 'cases',
      sentence: `Within the intervals of the profile the answer holds in ${Math.round(share * 100)} % of the cases${wanted}.`,
    });
  }
  if (chosen.memory.verdict === 'alert') {
    warnings.push({
      code: 'memoryAlert',
      sentence: 'Memory may pass the line above which the guides want an alert.',
    });
  }
  if (checks.some(({ agree }) => !agree)) {
    warnings.push({
      code: 'simulation',
      sentence: 'Formula and simulation differ; the simulation decides.',
    });
  }
  return warnings;
}

function inputsOf(
  profile: Profile,
  sources: ReadonlyMap<string, InputSource> | undefined,
): Input[] {
  const inputs: Input[] = [];
  const visit = (value: unknown, field: string): void => {
    if (isGroup(value) && !('mid' in value)) {
      for (const [key, part] of Object.entries(value))
        visit(part, field === '' ? key : `${field}.${key}`);
    } else if (value !== undefined && !['name', 'description'].includes(field)) {
      inputs.push({ field, value, source: sources?.get(field) ?? 'given' });
    }
  };
  visit(profile, '');
  return inputs;
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
