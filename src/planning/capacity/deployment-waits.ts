import { contentionWaitTimes, type ContentionWait } from '../queueing/contention-wait.js';
import { waitTime, type StableWait } from '../queueing/waiting-time.js';
import type { LoadPoint } from './load-point.js';
import type { Deployment } from './profile.js';

/** How long jobs wait; quantiles are worked out when asked for. */
export interface Wait {
  pWait: number;
  meanSeconds: number;
  /** Seconds that a share p of the jobs do not wait longer than. */
  quantile(p: number): number;
}

/** A deployment under one load, in equilibrium. */
export interface DeploymentWaits {
  /** Jobs an hour with all slots busy. */
  capacityPerHour: number;
  /** Share of the slots that are busy. */
  busyShare: number;
  /** Over all jobs; undefined when more arrives than can be finished. */
  overall: (Wait & { method: string; exact: boolean }) | undefined;
  /** By queue, most urgent first; undefined where the backlog grows. */
  queues: (Wait | undefined)[];
}

export interface WaitQuestion {
  point: LoadPoint;
  /** At the busiest moment of the day. */
  ratePerHour: number;
  batchSize: number;
  cores: number;
  /** Of the jobs, most urgent queue first. */
  shares: readonly number[];
}

export function deploymentWaits(question: WaitQuestion, deployment: Deployment): DeploymentWaits {
  const { point, ratePerHour, cores, shares } = question;
  const { replicas, concurrency } = deployment;
  const rate = ratePerHour / 3600;
  const byQueue = contentionWaitTimes({
    serviceTime: { mean: point.serviceTimeMinutes * 60, scv: point.serviceTimeScv },
    replicas,
    slots: concurrency,
    cores,
    waitRatio: point.waitRatio,
    arrivalRates: shares.map((share) => share * rate),
  });
  const overall = overallWait(question, byQueue, deployment, rate);
  const factor = batchFactor(overall, byQueue);
  return {
    capacityPerHour: byQueue.serviceRate * 3600,
    busyShare: Math.min(1, byQueue.busySlots / (replicas * concurrency)),
    overall,
    queues: byQueue.classes.map((wait) =>
      wait.stable
        ? {
            pWait: wait.pWait,
            meanSeconds: factor * wait.mean,
            quantile: (p) => factor * wait.quantile(p),
          }
        : undefined,
    ),
  };
}

/** Slots that never share a core are plain servers; others are as fast as they are all busy. */
function overallWait(
  { point, batchSize, cores }: WaitQuestion,
  byQueue: ContentionWait,
  { replicas, concurrency }: Deployment,
  rate: number,
): DeploymentWaits['overall'] {
  const { all, serviceRate } = byQueue;
  if (!all.stable) return undefined;
  if (concurrency > cores && batchSize === 1) {
    return {
      pWait: all.pWait,
      meanSeconds: all.mean,
      quantile: (p) => all.quantile(p),
      method: byQueue.method,
      exact: false,
    };
  }
  const servers = replicas * concurrency;
  const serviceTime = { mean: servers / serviceRate, scv: point.serviceTimeScv };
  const wait = waitTime({ arrivalRate: rate, serviceTime, servers, batchSize });
  return wait.stable ? plain(wait, concurrency <= cores) : undefined;
}

function plain(wait: StableWait, separate: boolean): NonNullable<DeploymentWaits['overall']> {
  return {
    pWait: wait.pWait,
    meanSeconds: wait.mean,
    quantile: (p) => wait.quantile(p),
    method: wait.method,
    exact: wait.exact && separate,
  };
}

/** Batches make every queue wait longer, by as much as they do all jobs together. */
function batchFactor(overall: DeploymentWaits['overall'], { all }: ContentionWait): number {
  if (overall?.method.startsWith('M^[X]') !== true || !all.stable) return 1;
  return all.mean > 0 ? overall.meanSeconds / all.mean : 1;
}

/** Waits longer or shorter by a factor. */
export function scaledWaits(waits: DeploymentWaits, factor: number): DeploymentWaits {
  const { overall, queues } = waits;
  return {
    ...waits,
    overall: overall && { ...overall, ...scaled(overall, factor) },
    queues: queues.map((wait) => wait && scaled(wait, factor)),
  };
}

function scaled(wait: Wait, factor: number): Wait {
  return {
    pWait: wait.pWait,
    meanSeconds: factor * wait.meanSeconds,
    quantile: (p) => factor * wait.quantile(p),
  };
}
