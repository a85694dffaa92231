import {
  costUnits,
  GOOD_UTILIZATION,
  guideConcurrency,
  slotsAtUtilization,
  totalSlots,
  wholeSlots,
} from '../guide/formulas.js';
import type { GuideAnswer } from '../guide/guide-answer.js';
import { guideBook, judgeDeployment } from '../guide/guide-book.js';
import { GUIDE_MEMORY, perProcessMemoryMb, sharedMemoryMb } from '../guide/memory.js';
import { classesOf, TRAFFIC_CLASSES } from '../guide/traffic-classes.js';
import { slotThroughput } from '../queueing/contention.js';
import { utilizationBand } from '../utilization.js';
import { midPoint } from './load-point.js';
import { intervalOf, midOf, type Profile } from './profile.js';

/** Concurrency that the guide on concurrency and replicas starts its decision from. */
const GUIDE_CONCURRENCY = 4;

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
      deployments.map((deployment) => judgeDeployment(deployment, serviceTimeMinutes, erlangs)),
    ),
    ...guideBook({
      serviceMinutes: serviceTimeMinutes,
      ratePerHour: rateRange(profile),
      formulaSlots: slots,
      container: {
        concurrency: profile.current?.concurrency ?? GUIDE_CONCURRENCY,
        slotsByMemory: slotsByMemory(profile),
      },
    }),
    ruleOfThumb: ruleOfThumb(profile, slots, erlangs),
  };
}

/** Least, usual and highest rate of a day, bursts included. */
function rateRange(profile: Profile): { low: number; mid: number; high: number } {
  const { low, mid, high } = intervalOf(profile.ratePerHour);
  const { hourlyShape = [1], bursts } = profile;
  const mean = hourlyShape.reduce((sum, factor) => sum + factor, 0) / hourlyShape.length;
  return {
    low: (low * Math.min(...hourlyShape)) / mean,
    mid,
    high: Math.max(
      (high * Math.max(...hourlyShape)) / mean,
      ...bursts.map(({ ratePerHour }) => ratePerHour),
    ),
  };
}

/** Most slots that a container's memory holds, by the more careful model that may hold. */
function slotsByMemory({ memory, container }: Profile): number {
  const limit = container.memoryLimitMb;
  if (memory.model !== 'shared') return Math.floor(limit / memory.perProcessMb);
  const parts = { ...memory, perTaskMb: midOf(memory.perTaskMb) };
  return Math.floor((limit - sharedMemoryMb(0, parts)) / parts.perTaskMb);
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
