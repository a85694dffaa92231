import { slotThroughput } from '../queueing/contention.js';
import { contentionWaitTimes, type ContentionWait } from '../queueing/contention-wait.js';
import { waitTime, type ServiceTime, type StableWait } from '../queueing/waiting-time.js';
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
  /** By queue, most urgent first; undefined where the backlog grows. Worked out when asked for. */
  readonly queues: readonly (Wait | undefined)[];
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

/** Whether Erlang's formula tells the waits at once: one queue, exponential times, no shared cores. */
export function isPlain(
  { point, batchSize, cores, shares }: WaitQuestion,
  { concurrency }: Deployment,
): boolean {
  const separate = concurrency <= cores;
  return separate && point.serviceTimeScv === 1 && batchSize === 1 && shares.length === 1;
}

/** What the jobs of a deployment wait. */
export function deploymentWaits(question: WaitQuestion, deployment: Deployment): DeploymentWaits {
  const separate = deployment.concurrency <= question.cores;
  const slots = deployment.replicas * deployment.concurrency;
  const byQueue = once(() => waitsByQueue(question, deployment));
  const { serviceRate, busySlots } = separate ? separateSlots(question, deployment) : byQueue();
  const overall =
    separate || question.batchSize > 1
      ? serverWait(question, { servers: slots, serviceRate, separate })
      : sharedWait(byQueue());
  const queues = once(() => queueWaits(byQueue(), overall));
  return {
    capacityPerHour: serviceRate * 3600,
    busyShare: Math.min(1, busySlots / slots),
    overall,
    get queues() {
      return queues();
    },
  };
}

function once<Value>(work: () => Value): () => Value {
  let known: { value: Value } | undefined;
  return () => (known ??= { value: work() }).value;
}

/** Of each queue where they differ; the laws then vary alike, as much as makes up the scv of all. */
export function serviceTimes({ point, shares }: WaitQuestion): ServiceTime | ServiceTime[] {
  const mean = point.serviceTimeMinutes * 60;
  const { serviceTimeScv, queueFactors } = point;
  if (queueFactors === undefined) return { mean, scv: serviceTimeScv };
  const ofMeans = queueFactors.reduce((sum, factor, i) => sum + (shares[i] ?? 0) * factor ** 2, 0);
  const scv = Math.max(0, (1 + serviceTimeScv) / ofMeans - 1);
  return queueFactors.map((factor) => ({ mean: factor * mean, scv }));
}

function waitsByQueue(question: WaitQuestion, deployment: Deployment): ContentionWait {
  const { point, ratePerHour, cores, shares } = question;
  return contentionWaitTimes({
    serviceTime: serviceTimes(question),
    replicas: deployment.replicas,
    slots: deployment.concurrency,
    cores,
    waitRatio: point.waitRatio,
    arrivalRates: shares.map((share) => (share * ratePerHour) / 3600),
  });
}

/** Slots that never wait for a core. */
function separateSlots(
  { point, ratePerHour, cores }: WaitQuestion,
  { replicas, concurrency }: Deployment,
): { serviceRate: number; busySlots: number } {
  const { serviceTimeMinutes, waitRatio } = point;
  const { throughput } = slotThroughput({ cores, slots: concurrency, waitRatio });
  const cpuSeconds = (serviceTimeMinutes * 60) / (1 + waitRatio);
  return {
    serviceRate: replicas * (throughput / cpuSeconds),
    busySlots: Math.min((ratePerHour * serviceTimeMinutes) / 60, replicas * concurrency),
  };
}

/** Slots as plain servers; those that share cores are as fast as they are all busy. */
function serverWait(
  { point, ratePerHour, batchSize }: WaitQuestion,
  { servers, serviceRate, separate }: { servers: number; serviceRate: number; separate: boolean },
): DeploymentWaits['overall'] {
  const serviceTime = { mean: servers / serviceRate, scv: point.serviceTimeScv };
  const wait = waitTime({ arrivalRate: ratePerHour / 3600, serviceTime, servers, batchSize });
  return wait.stable ? plain(wait, separate) : undefined;
}

function sharedWait({ all, method }: ContentionWait): DeploymentWaits['overall'] {
  if (!all.stable) return undefined;
  return {
    pWait: all.pWait,
    meanSeconds: all.mean,
    quantile: (p) => all.quantile(p),
    method,
    exact: false,
  };
}

function queueWaits(
  byQueue: ContentionWait,
  overall: DeploymentWaits['overall'],
): DeploymentWaits['queues'] {
  const factor = batchFactor(overall, byQueue);
  return byQueue.classes.map((wait) =>
    wait.stable
      ? {
          pWait: wait.pWait,
          meanSeconds: factor * wait.mean,
          quantile: (p) => factor * wait.quantile(p),
        }
      : undefined,
  );
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
  const { overall } = waits;
  return {
    capacityPerHour: waits.capacityPerHour,
    busyShare: waits.busyShare,
    overall: overall && { ...overall, ...scaled(overall, factor) },
    get queues() {
      return waits.queues.map((wait) => wait && scaled(wait, factor));
    },
  };
}

function scaled(wait: Wait, factor: number): Wait {
  return {
    pWait: wait.pWait,
    meanSeconds: factor * wait.meanSeconds,
    quantile: (p) => factor * wait.quantile(p),
  };
}
