import { costUnits, guideConcurrency } from '../guide/formulas.js';
import type { Contradiction, GuideAnswer } from '../guide/guide-answer.js';
import { formatSeconds } from '../readable.js';
import {
  classEdges,
  fullUse,
  LEVERS,
  SCALING,
  sixWaiting,
  span,
  triggers,
  type Answer,
} from './load-contradictions.js';
import type { Candidate } from './candidate.js';
import type { Judge } from './judge.js';

/**
 * Points on which the guides disagree with each other or with themselves. Each says what follows from
 * either side, and whether that makes another answer of this one.
 */
export function contradictionsFor(
  judge: Judge,
  guide: GuideAnswer,
  chosen: Candidate,
): Contradiction[] {
  const answer = { profile: judge.profile, guide, chosen };
  return [
    memory(answer),
    waitRatio(answer),
    leverFirst(answer),
    costCount(answer),
    triggers(answer),
    deploymentForClass(judge, guide),
    classEdges(answer),
    sixWaiting(answer),
    fullUse(answer),
  ];
}

function memory({ profile, chosen }: Answer): Contradiction {
  const { sharedMb, perProcessMb, verdict } = chosen.memory;
  const slots = `${chosen.concurrency} slots`;
  return {
    topic: 'memory',
    sides: [
      {
        source: SCALING,
        says: `models load once per container: ${sharedMb.mid} MB at ${slots}`,
      },
      { source: LEVERS, says: `once per process: ${perProcessMb} MB` },
    ],
    effect: `Both are kept; ${verdict === 'fits' ? 'either fits' : 'measure a busy worker'}.`,
    bearsOnAnswer: profile.memory.model === 'bracket',
  };
}

function waitRatio({ guide }: Answer): Contradiction {
  const { cores } = guide.concurrency;
  return {
    topic: 'wait ratio',
    sides: [
      { source: SCALING, says: '0.5 for translation, 1 for OCR' },
      { source: LEVERS, says: '0.5 to 1 for the same documents' },
    ],
    effect:
      `The formula gives ${whole(guideConcurrency(cores, 0.5))} to ` +
      `${whole(guideConcurrency(cores, 1))} slots a replica.`,
    bearsOnAnswer: true,
  };
}

/** The first guide recommends both levers first, in two places; the second replicas alone. */
function leverFirst({ profile, guide, chosen }: Answer): Contradiction {
  const { slotsNeeded, slotsByCores, slotsByMemory } = guide.decisionTree;
  const { fixedServices } = profile.cost;
  const most = Math.max(1, Math.min(slotsByCores, slotsByMemory));
  const kept = Math.min(4, most);
  const deploy = (concurrency: number): string => {
    const replicas = Math.ceil(slotsNeeded / concurrency);
    return `${replicas} × ${concurrency} (${costUnits(replicas, fixedServices)} services)`;
  };
  return {
    topic: 'which lever first',
    sides: [
      {
        source: SCALING,
        says: 'max out concurrency before adding replicas, yet replicas are “recommended”',
      },
      { source: LEVERS, says: 'keep concurrency at 4, add replicas' },
    ],
    effect:
      `For ${slotsNeeded} slots: ${deploy(most)} by concurrency first, ${deploy(kept)} by replicas ` +
      `first. The plan weighs both by wait, memory and cost: ${chosen.replicas} × ${chosen.concurrency}.`,
    bearsOnAnswer: most !== kept && slotsNeeded > kept,
  };
}

function costCount({ profile, chosen }: Answer): Contradiction {
  const { fixedServices, baseCost } = profile.cost;
  return {
    topic: 'cost units',
    sides: [
      {
        source: SCALING,
        says: `(1 + N + 1) × base: ${costUnits(chosen.replicas, fixedServices)} units`,
      },
      { source: LEVERS, says: `N × base: ${chosen.replicas} units` },
    ],
    effect: 'The plan counts the scheduler and the dashboard, and says both.',
    bearsOnAnswer: baseCost !== undefined,
  };
}

/** What the guides deploy for such traffic, and what becomes of this load there. */
function deploymentForClass(judge: Judge, guide: GuideAnswer): Contradiction {
  const sides = guide.deployments.map(
    ({ guide: source, replicas: [from, to], concurrency: [few, many] }) => ({
      source,
      says: `${span(from, to)} × ${span(few, many)}`,
    }),
  );
  const outcomes = guide.deployments
    .flatMap(({ replicas: [from, to], concurrency: [few, many] }) => [
      { replicas: from, concurrency: few },
      { replicas: to, concurrency: many },
    ])
    .map((deployment) => outcomeOf(judge.candidate(deployment)));
  return {
    topic: `deployment for ${guide.classes.join(' and ')} traffic`,
    sides,
    effect: `Under this load ${[...new Set(outcomes)].join(', ')}.`,
    bearsOnAnswer: new Set(sides.map(({ says }) => says)).size > 1,
  };
}

function outcomeOf({ replicas, concurrency, verdict, wait }: Candidate): string {
  const name = `${replicas} × ${concurrency}`;
  if (wait === undefined) return `${name} can’t keep up`;
  return verdict === 'met'
    ? `${name} meets the target`
    : verdict === 'missed'
      ? `${name} misses the target (p95 wait ${formatSeconds(wait.p95WaitSeconds)})`
      : `${name} breaks a limit`;
}

function whole(value: number): string {
  return String(Number(value.toFixed(1)));
}
