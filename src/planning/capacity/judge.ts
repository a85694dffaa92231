import { slotThroughput } from '../queueing/contention.js';
import { QUEUE_NAMES } from '../queue-names.js';
import { utilizationBand } from '../utilization.js';
import { formatSeconds } from '../readable.js';
import { deploymentWaits, type DeploymentWaits } from './deployment-waits.js';
import { busiestRatePerHour, type LoadPoint } from './load-point.js';
import type { Candidate, Excuse, QueueWait, Verdict } from './plan.js';
import type { Deployment, Profile, QueueProfile } from './profile.js';
import { costOf, memoryOf } from './resources.js';

/** Queues that get jobs, most urgent first. */
function servedQueues(profile: Profile): { queue: QueueWait['queue']; given: QueueProfile }[] {
  return QUEUE_NAMES.flatMap((queue) => {
    const given = profile.queues[queue];
    return given === undefined ? [] : [{ queue, given }];
  });
}

/** The longest 95th percentile of the wait that is accepted: a quarter of the service time, unasked. */
export function targetSeconds(profile: Profile, point: LoadPoint): number {
  const { p95WaitMinutes } = profile.target;
  return 60 * (p95WaitMinutes ?? point.serviceTimeMinutes / 4);
}

/** A deployment at one case of a profile, with its verdict. */
export function judge(profile: Profile, point: LoadPoint, deployment: Deployment): Candidate {
  const { replicas, concurrency } = deployment;
  const slots = replicas * concurrency;
  const ratePerHour = busiestRatePerHour(profile, point);
  const waits = waitsOf(profile, point, deployment, ratePerHour);
  const { overall, capacityPerHour, busyShare } = waits;
  const { stretch } = slotThroughput({
    cores: profile.container.cores,
    slots: concurrency,
    waitRatio: point.waitRatio,
  });
  const serviceSeconds = point.serviceTimeMinutes * 60;
  const queues = queueWaits(profile, waits, ratePerHour);
  const memory = memoryOf(profile, concurrency);
  const judged = {
    replicas,
    concurrency,
    slots,
    capacityPerHour,
    capacityOnPaperPerHour: (slots * 60) / point.serviceTimeMinutes,
    stretch,
    utilization: busyShare,
    band: utilizationBand(busyShare).name,
    cpuUtilization: cpuUse(ratePerHour, point, profile, deployment),
    ...(overall && {
      wait: overall,
      meanFinishSeconds:
        overall.meanWaitSeconds + residence(slots, busyShare, ratePerHour, serviceSeconds),
    }),
    backlogGrowthPerHour: Math.max(0, ratePerHour - capacityPerHour),
    queues,
    memory,
    cost: costOf(profile, deployment, busyShare),
    holdsInShareOfCases: 1,
  };
  return decide(profile, point, judged, ratePerHour);
}

/** A candidate whose p95 wait a simulation corrects, with the verdict that follows from it. */
export function withSimulatedWait(
  profile: Profile,
  point: LoadPoint,
  candidate: Candidate,
  p95WaitSeconds: number,
): Candidate {
  const { wait } = candidate;
  if (wait === undefined) return candidate;
  const { excuse: _, ...judged } = candidate;
  const corrected = { ...judged, wait: { ...wait, p95WaitSeconds } };
  return decide(profile, point, corrected, busiestRatePerHour(profile, point));
}

function decide(
  profile: Profile,
  point: LoadPoint,
  judged: Omit<Candidate, 'verdict'>,
  ratePerHour: number,
): Candidate {
  const excuse = excuseFor(profile, point, judged, ratePerHour);
  return { ...judged, verdict: verdictOf(excuse), ...(excuse && { excuse }) };
}

function waitsOf(
  profile: Profile,
  point: LoadPoint,
  deployment: Deployment,
  ratePerHour: number,
): DeploymentWaits {
  return deploymentWaits(
    {
      point,
      ratePerHour,
      batchSize: profile.batchSize,
      cores: profile.container.cores,
      shares: servedQueues(profile).map(({ given }) => given.share),
    },
    deployment,
  );
}

/** Mean time in a slot, by Little's law. */
function residence(slots: number, busyShare: number, ratePerHour: number, alone: number): number {
  return ratePerHour === 0 ? alone : (slots * busyShare * 3600) / ratePerHour;
}

function cpuUse(
  ratePerHour: number,
  { serviceTimeMinutes, waitRatio }: LoadPoint,
  { container }: Profile,
  { replicas }: Deployment,
): number {
  const cores = (ratePerHour * serviceTimeMinutes) / 60 / (1 + waitRatio);
  return Math.min(1, cores / (replicas * container.cores));
}

function queueWaits(profile: Profile, waits: DeploymentWaits, ratePerHour: number): QueueWait[] {
  return servedQueues(profile).flatMap(({ queue, given }, i) => {
    const wait = waits.queues[i];
    if (wait === undefined) return [];
    const target = given.p95WaitMinutes === undefined ? undefined : given.p95WaitMinutes * 60;
    return [
      {
        queue,
        share: given.share,
        ratePerHour: given.share * ratePerHour,
        ...wait,
        ...(target !== undefined && { targetP95WaitSeconds: target }),
        met: target === undefined || wait.p95WaitSeconds <= target,
      },
    ];
  });
}

/** The first reason that stands against a deployment; undefined when none does. */
function excuseFor(
  profile: Profile,
  point: LoadPoint,
  judged: Omit<Candidate, 'verdict'>,
  ratePerHour: number,
): Excuse | undefined {
  const limit = limitExcuse(profile, judged);
  if (limit !== undefined) return limit;
  const { wait, capacityPerHour, backlogGrowthPerHour, memory } = judged;
  if (wait === undefined) {
    const sentence =
      `finishes ${round(capacityPerHour)} documents an hour, ${round(ratePerHour)} arrive; the ` +
      `backlog grows by ${round(backlogGrowthPerHour)} every hour.`;
    return { code: 'unstable', sentence };
  }
  const target = targetSeconds(profile, point);
  if (wait.p95WaitSeconds > target) {
    const sentence = `p95 wait ${formatSeconds(wait.p95WaitSeconds)}, above the ${formatSeconds(target)} that are wanted.`;
    return { code: 'missesTarget', sentence };
  }
  const late = judged.queues.find(({ met }) => !met);
  if (late !== undefined) {
    const sentence = `${late.queue}: p95 wait ${formatSeconds(late.p95WaitSeconds)}, above its target of ${formatSeconds(late.targetP95WaitSeconds ?? 0)}.`;
    return { code: 'missesQueueTarget', sentence };
  }
  if (memory.verdict !== 'risky') return undefined;
  const sentence = `needs up to ${memory.perProcessMb} MB a replica by one guide's model, above the limit of ${memory.limitMb} MB.`;
  return { code: 'memoryRisk', sentence };
}

function limitExcuse(
  { fleet, limits }: Profile,
  { replicas, slots, memory }: Omit<Candidate, 'verdict'>,
): Excuse | undefined {
  if (memory.verdict === 'tooLarge') {
    const least = Math.min(memory.sharedMb.high, memory.perProcessMb);
    return {
      code: 'tooMuchMemory',
      sentence: `needs at least ${round(least)} MB a replica; the limit is ${memory.limitMb} MB.`,
    };
  }
  if (replicas > fleet.maxReplicas) {
    return {
      code: 'tooManyReplicas',
      sentence: `${replicas} replicas, above the platform's ${fleet.maxReplicas}.`,
    };
  }
  const redis = replicas * limits.redisConnectionsPerReplica;
  if (redis > limits.redisConnections) {
    return {
      code: 'tooManyRedisConnections',
      sentence: `opens ${redis} Redis connections; ${limits.redisConnections} are allowed.`,
    };
  }
  const database = slots * limits.databaseConnectionsPerSlot;
  if (limits.databaseConnections !== undefined && database > limits.databaseConnections) {
    return {
      code: 'tooManyDatabaseConnections',
      sentence: `opens ${round(database)} database connections; ${limits.databaseConnections} are allowed.`,
    };
  }
  return undefined;
}

function verdictOf(excuse: Excuse | undefined): Verdict {
  if (excuse === undefined || excuse.code === 'memoryRisk') return 'met';
  if (excuse.code === 'unstable') return 'unstable';
  return excuse.code === 'missesTarget' || excuse.code === 'missesQueueTarget'
    ? 'missed'
    : 'infeasible';
}

function round(value: number): string {
  return String(Number(value.toFixed(1)));
}
