import { slotThroughput } from '../queueing/contention.js';
import { utilizationBand } from '../utilization.js';
import type { Candidate, QueueWait, WaitFigures } from './candidate.js';
import type { DeploymentWaits, Wait } from './deployment-waits.js';
import type { LoadPoint } from './load-point.js';
import type { Deployment, Profile } from './profile.js';
import { costOf, memoryOf } from './resources.js';
import { servedQueues } from './served-queues.js';

/** A deployment under a load, before anything is made of it. */
export interface Observed {
  profile: Profile;
  point: LoadPoint;
  deployment: Deployment;
  /** At the busiest moment of the day. */
  ratePerHour: number;
  waits: DeploymentWaits;
}

/** Every figure of a deployment, without a verdict. */
export function candidateFigures(observed: Observed): Omit<Candidate, 'verdict'> {
  const { profile, point, deployment, ratePerHour, waits } = observed;
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
      meanFinishSeconds: overall.meanSeconds + residenceSeconds(observed),
    }),
    backlogGrowthPerHour: Math.max(0, ratePerHour - capacityPerHour),
    queues: queueWaits(observed),
    memory: memoryOf(profile, concurrency),
    cost: costOf(profile, deployment, busyShare),
    holdsInShareOfCases: 1,
  };
}

/** Mean time in a slot, by Little's law. */
function residenceSeconds({ point, deployment, ratePerHour, waits }: Observed): number {
  const slots = deployment.replicas * deployment.concurrency;
  return ratePerHour === 0
    ? point.serviceTimeMinutes * 60
    : (slots * waits.busyShare * 3600) / ratePerHour;
}

function cpuUse({ profile, point, deployment, ratePerHour }: Observed): number {
  const cores = (ratePerHour * point.serviceTimeMinutes) / 60 / (1 + point.waitRatio);
  return Math.min(1, cores / (deployment.replicas * profile.container.cores));
}

function queueWaits({ profile, point, waits, ratePerHour }: Observed): QueueWait[] {
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

function figuresOf(wait: Wait & { method: string; exact: boolean }): WaitFigures {
  return {
    pWait: wait.pWait,
    meanWaitSeconds: wait.meanSeconds,
    p50WaitSeconds: wait.quantile(0.5),
    p95WaitSeconds: wait.quantile(0.95),
    p99WaitSeconds: wait.quantile(0.99),
    method: wait.method,
    exact: wait.exact,
  };
}
