import { contentionWaitTimes, type ContentionWait } from '../queueing/contention-wait.js';
import { waitTime, type StableWait } from '../queueing/waiting-time.js';
import type { LoadPoint } from './load-point.js';
import type { Deployment } from './profile.js';
import type { WaitFigures } from './plan.js';

/** A deployment under one load, in equilibrium. */
export interface DeploymentWaits {
  /** Jobs an hour with all slots busy. */
  capacityPerHour: number;
  /** Share of the slots that are busy. */
  busyShare: number;
  /** Over all jobs; undefined when more arrives than can be finished. */
  overall: WaitFigures | undefined;
  /** By queue, most urgent first; undefined where the backlog grows. */
  queues: ({ meanWaitSeconds: number; p95WaitSeconds: number } | undefined)[];
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
  const slots = deployment.replicas * deployment.concurrency;
  const fleet = {
    serviceTime: { mean: point.serviceTimeMinutes * 60, scv: point.serviceTimeScv },
    replicas: deployment.replicas,
    slots: deployment.concurrency,
    cores,
    waitRatio: point.waitRatio,
  };
  const rate = ratePerHour / 3600;
  const byQueue = contentionWaitTimes({ ...fleet, arrivalRates: shares.map((s) => s * rate) });
  const overall = overallWait(question, byQueue, deployment, rate);
  const factor = batchFactor(overall, byQueue, shares);
  return {
    capacityPerHour: byQueue.serviceRate * 3600,
    busyShare: Math.min(1, byQueue.busySlots / slots),
    overall: overall && figuresOf(overall),
    queues: byQueue.classes.map((wait) =>
      wait.stable
        ? { meanWaitSeconds: factor * wait.mean, p95WaitSeconds: factor * wait.quantile(0.95) }
        : undefined,
    ),
  };
}

type Wait = Pick<StableWait, 'pWait' | 'mean' | 'quantile' | 'exact'> & { method: string };

/** Slots that never share a core are plain servers; others are as fast as they are all busy. */
function overallWait(
  { point, batchSize, cores }: WaitQuestion,
  byQueue: ContentionWait,
  { replicas, concurrency }: Deployment,
  rate: number,
): Wait | undefined {
  const servers = replicas * concurrency;
  const scv = point.serviceTimeScv;
  if (byQueue.utilization >= 1) return undefined;
  if (concurrency <= cores || batchSize > 1) {
    const mean = servers / byQueue.serviceRate;
    const wait = waitTime({ arrivalRate: rate, serviceTime: { mean, scv }, servers, batchSize });
    return wait.stable ? { ...wait, exact: wait.exact && concurrency <= cores } : undefined;
  }
  const [all] = contentionWaitTimes({
    arrivalRates: [rate],
    serviceTime: { mean: point.serviceTimeMinutes * 60, scv },
    replicas,
    slots: concurrency,
    cores,
    waitRatio: point.waitRatio,
  }).classes;
  return all?.stable ? { ...all, method: byQueue.method, exact: false } : undefined;
}

/** Batches make every queue wait longer, by as much as they do all jobs together. */
function batchFactor(
  overall: Wait | undefined,
  byQueue: ContentionWait,
  shares: readonly number[],
): number {
  if (overall?.method.startsWith('M^[X]') !== true) return 1;
  const mean = byQueue.classes.reduce(
    (sum, wait, i) => sum + (wait.stable ? wait.mean * (shares[i] ?? 0) : 0),
    0,
  );
  return mean > 0 ? overall.mean / mean : 1;
}

function figuresOf(wait: Wait): WaitFigures {
  return {
    pWait: wait.pWait,
    meanWaitSeconds: wait.mean,
    p50WaitSeconds: wait.quantile(0.5),
    p95WaitSeconds: wait.quantile(0.95),
    p99WaitSeconds: wait.quantile(0.99),
    method: wait.method,
    exact: wait.exact,
  };
}
