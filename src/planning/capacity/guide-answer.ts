import {
  capacityPerHour,
  costUnits,
  GOOD_UTILIZATION,
  guideConcurrency,
  slotsAtUtilization,
  totalSlots,
  wholeSlots,
} from '../guide/formulas.js';
import type { Contradiction, GuideAnswer } from '../guide/guide-answer.js';
import { GUIDE_MEMORY, perProcessMemoryMb, sharedMemoryMb } from '../guide/memory.js';
import { classesOf, TRAFFIC_CLASSES } from '../guide/traffic-classes.js';
import { slotThroughput } from '../queueing/contention.js';
import { utilizationBand } from '../utilization.js';
import { midPoint } from './load-point.js';
import type { Candidate } from './plan.js';
import type { Profile } from './profile.js';

/** What the guides' formulas and tables say of a profile. */
export function guideAnswer(profile: Profile): GuideAnswer {
  const { ratePerHour, serviceTimeMinutes, waitRatio } = midPoint(profile);
  const { cores } = profile.container;
  const optimal = guideConcurrency(cores, waitRatio);
  const slots = wholeSlots(optimal);
  const classes =
    profile.bursts.length > 0
      ? TRAFFIC_CLASSES.filter(({ name }) => name === 'burst')
      : classesOf(ratePerHour);
  const erlangs = (ratePerHour * serviceTimeMinutes) / 60;
  return {
    classes: classes.map(({ name }) => name),
    concurrency: {
      cores,
      waitRatio,
      optimal,
      slots,
      cpuUtilization: slotThroughput({ cores, slots, waitRatio }).cpuUtilization,
    },
    deployments: classes.flatMap(({ deployments }) =>
      deployments.map((deployment) => {
        const [least, most] = deployment.slots;
        return {
          ...deployment,
          capacityPerHour: [
            capacityPerHour(least, serviceTimeMinutes),
            capacityPerHour(most, serviceTimeMinutes),
          ] as const,
          utilization: [erlangs / least, erlangs / most] as const,
          band: utilizationBand(erlangs / most).name,
        };
      }),
    ),
    ruleOfThumb: ruleOfThumb(profile, slots, erlangs),
  };
}

function ruleOfThumb(
  { memory, cost }: Profile,
  concurrency: number,
  erlangs: number,
): GuideAnswer['ruleOfThumb'] {
  const replicas = Math.ceil(slotsAtUtilization(erlangs, GOOD_UTILIZATION) / concurrency);
  const slots = totalSlots({ replicas, concurrency });
  const perTaskMb = GUIDE_MEMORY.perTaskMb.mid;
  const shared = sharedMemoryMb(concurrency, { ...memory, perTaskMb });
  const perProcess = perProcessMemoryMb(concurrency, memory.perProcessMb);
  return {
    replicas,
    concurrency,
    slots,
    utilization: erlangs / slots,
    band: utilizationBand(erlangs / slots).name,
    sharedMemoryMb: shared,
    sharedMemoryTotalMb: shared * replicas,
    perProcessMemoryMb: perProcess,
    perProcessMemoryTotalMb: perProcess * replicas,
    costUnits: costUnits(replicas, cost.fixedServices),
    workerCostUnits: replicas,
  };
}

/** Points on which the guides disagree and that bear on this answer. */
export function contradictionsFor(
  profile: Profile,
  guide: GuideAnswer,
  chosen: Candidate | null,
): Contradiction[] {
  const scaling = 'worker-scaling-guide' as const;
  const levers = 'concurrency-vs-replicas' as const;
  const { replicas = 1, concurrency = guide.concurrency.slots, memory } = chosen ?? {};
  const found: Contradiction[] = [];
  if (profile.memory.model === 'bracket' && memory !== undefined) {
    found.push({
      topic: 'memory',
      sides: [
        {
          source: scaling,
          says: `models load once per container: ${memory.sharedMb.mid} MB at ${concurrency} slots`,
        },
        { source: levers, says: `once per process: ${memory.perProcessMb} MB` },
      ],
      effect: `Both are kept; ${memory.verdict === 'fits' ? 'either fits' : 'measure a busy worker'}.`,
    });
  }
  found.push({
    topic: 'wait ratio',
    sides: [
      { source: scaling, says: '0.5 for translation, 1 for OCR' },
      { source: levers, says: '0.5 to 1 for the same documents' },
    ],
    effect: `The formula gives ${guideConcurrency(guide.concurrency.cores, 0.5)} to ${guideConcurrency(guide.concurrency.cores, 1)} slots a replica.`,
  });
  if (profile.cost.baseCost !== undefined) {
    found.push({
      topic: 'cost',
      sides: [
        { source: scaling, says: `(1 + N + 1) × base: ${costUnits(replicas)} units` },
        { source: levers, says: `N × base: ${replicas} units` },
      ],
      effect: 'The plan counts the scheduler and the dashboard, and says both.',
    });
  }
  const deployments = guide.deployments.map(
    ({ guide: source, replicas: [from, to], concurrency: [few, many] }) => ({
      source,
      says: `${span(from, to)} × ${span(few, many)}`,
    }),
  );
  if (new Set(deployments.map(({ says }) => says)).size > 1) {
    found.push({
      topic: `deployment for ${guide.classes.join(' and ')} traffic`,
      sides: deployments,
      effect: 'The plan goes by the load, not by the class.',
    });
  }
  return found;
}

function span(from: number, to: number): string {
  return from === to ? String(from) : `${from}–${to}`;
}
