import { slotThroughput } from '../queueing/contention.js';
import {
  contentionWaitTimes,
  type ContentionInput,
  type ContentionWait,
} from '../queueing/contention-wait.js';
import { waitTime, type ServiceTime, type StableWait } from '../queueing/waiting-time.js';
import type { DeploymentWaits, OverallWait, WaitQuestion } from './deployment-waits.js';
import type { Deployment } from './profile.js';

/** Waits in equilibrium at the question's rate. */
export function steadyWaits(question: WaitQuestion, deployment: Deployment): DeploymentWaits {
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
    // By Little's law.
    residenceSeconds:
      question.ratePerHour === 0
        ? question.point.serviceTimeMinutes * 60
        : (busySlots * 3600) / question.ratePerHour,
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

function waitsByQueue(question: WaitQuestion, deployment: Deployment): ContentionWait {
  return contentionWaitTimes(contentionInput(question, deployment, question.ratePerHour));
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

/** What a deployment is to the formulas for shared cores. */
export function contentionInput(
  question: WaitQuestion,
  { replicas, concurrency }: Deployment,
  ratePerHour: number,
): ContentionInput {
  const { point, cores, shares } = question;
  return {
    serviceTime: serviceTimes(question),
    replicas,
    slots: concurrency,
    cores,
    waitRatio: point.waitRatio,
    arrivalRates: shares.map((share) => (share * ratePerHour) / 3600),
  };
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
): OverallWait | undefined {
  const serviceTime = { mean: servers / serviceRate, scv: point.serviceTimeScv };
  const wait = waitTime({ arrivalRate: ratePerHour / 3600, serviceTime, servers, batchSize });
  return wait.stable ? plain(wait, separate) : undefined;
}

function sharedWait({ all, method }: ContentionWait): OverallWait | undefined {
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
  overall: OverallWait | undefined,
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

function plain(wait: StableWait, separate: boolean): OverallWait {
  return {
    pWait: wait.pWait,
    meanSeconds: wait.mean,
    quantile: (p) => wait.quantile(p),
    method: wait.method,
    exact: wait.exact && separate,
  };
}

/** Batches make every queue wait longer, by as much as they do all jobs together. */
function batchFactor(overall: OverallWait | undefined, { all }: ContentionWait): number {
  if (overall?.method.startsWith('M^[X]') !== true || !all.stable) return 1;
  return all.mean > 0 ? overall.meanSeconds / all.mean : 1;
}
