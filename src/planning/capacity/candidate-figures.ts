import { slotThroughput } from '../queueing/contention.js';
import { utilizationBand } from '../utilization.js';
import type { Candidate, QueueWait, WaitFigures } from './candidate.js';
import { nameOf } from './day-shape.js';
import type { DeploymentWaits, OverallWait } from './deployment-waits.js';
import type { LoadPoint } from './load-point.js';
import type { Deployment, Profile } from './profile.js';
import { costOf, memoryOf } from './resources.js';
import { servedQueues } from './served-queues.js';

/** A deployment under a load, before anything is made of it. */
export interface Observed {
  profile: Profile;
  point: LoadPoint;
  deployment: Deployment;
  /** Jobs an hour: what loads the slots like the busiest moment does, and on the average of a day. */
  rates: { busiest: number; mean: number };
  waits: DeploymentWaits;
}

/** Every figure of a deployment, without a verdict. */
export function candidateFigures(observed: Observed): Omit<Candidate, 'verdict'> {
  const { profile, point, deployment, rates, waits } = observed;
  const { replicas, concurrency } = deployment;
  const slots = replicas * concurrency;
  const { overall, capacityPerHour, busyShare } = waits;
  const { cores } = profile.container;
  const { stretch } = slotThroughput({ cores, slots: concurrency, waitRatio: point.waitRatio });
  return {
    replicas,
    concurrency,
    slots,
    capacityPerHour,
    capacityOnPaperPerHour: (slots * 60) / point.serviceTimeMinutes,
    stretch,
    utilization: busyShare,
    band: utilizationBand(busyShare).name,
    cpuUtilization: cpuUse(observed),
    ...(overall && {
      wait: figuresOf(overall),
      meanFinishSeconds: overall.meanSeconds + waits.residenceSeconds,
    }),
    backlogGrowthPerHour: Math.max(0, rates.mean - capacityPerHour),
    queues: queueWaits(observed),
    memory: memoryOf(profile, concurrency),
    cost: costOf(profile, deployment, busyShare),
    holdsInShareOfCases: 1,
  };
}

function cpuUse({ profile, point, deployment, rates }: Observed): number {
  const cores = (rates.busiest * point.serviceTimeMinutes) / 60 / (1 + point.waitRatio);
  return Math.min(1, cores / (deployment.replicas * profile.container.cores));
}

function queueWaits({ profile, point, waits, rates }: Observed): QueueWait[] {
  const ratePerHour = waits.overall?.during?.ratePerHour ?? rates.busiest;
  return servedQueues(profile).flatMap(({ queue, given }, i) => {
    const wait = waits.queues[i];
    if (wait === undefined) return [];
    const p95WaitSeconds = wait.quantile(0.95);
    const target = given.p95WaitMinutes === undefined ? undefined : given.p95WaitMinutes * 60;
    return [
      {
        queue,
        share: given.share,
        ratePerHour: given.share * ratePerHour,
        serviceTimeMinutes: point.serviceTimeMinutes * (point.queueFactors?.[i] ?? 1),
        meanWaitSeconds: wait.meanSeconds,
        p95WaitSeconds,
        ...(target !== undefined && { targetP95WaitSeconds: target }),
        met: target === undefined || p95WaitSeconds <= target,
      },
    ];
  });
}

function figuresOf(wait: OverallWait): WaitFigures {
  const { during } = wait;
  return {
    ...(during && { during: { name: nameOf(during), ratePerHour: during.ratePerHour } }),
    pWait: wait.pWait,
    meanWaitSeconds: wait.meanSeconds,
    p50WaitSeconds: wait.quantile(0.5),
    p95WaitSeconds: wait.quantile(0.95),
    p99WaitSeconds: wait.quantile(0.99),
    method: wait.method,
    exact: wait.exact,
  };
}
