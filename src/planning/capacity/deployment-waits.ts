import { busyTimesOf } from './busy-times.js';
import { changesOverDay, type DayShape, type DayStretch } from './day-shape.js';
import type { LoadPoint } from './load-point.js';
import type { Deployment } from './profile.js';
import { steadyWaits } from './steady-waits.js';
import { worstWaits } from './worst-waits.js';

/** How long jobs wait; quantiles are worked out when asked for. */
export interface Wait {
  pWait: number;
  meanSeconds: number;
  /** Seconds that a share p of the jobs do not wait longer than. */
  quantile(p: number): number;
}

/** Over all jobs. */
export interface OverallWait extends Wait {
  method: string;
  exact: boolean;
  /** The part of the day whose jobs these are; absent: its busiest moment, as if it lasted. */
  during?: DayStretch;
  /** Seconds before that stretch from which on the day has to be followed. */
  followedSeconds?: number;
}

/** How a deployment bears a load. */
export interface DeploymentWaits {
  /** Jobs an hour with all slots busy. */
  capacityPerHour: number;
  /** Share of the slots that are busy. */
  busyShare: number;
  /** Mean time of a job in a slot. */
  residenceSeconds: number;
  /** Undefined when more arrives, on the average of a day, than can be finished. */
  overall: OverallWait | undefined;
  /** By queue, most urgent first; undefined where the backlog grows. Worked out when asked for. */
  readonly queues: readonly (Wait | undefined)[];
}

export interface WaitQuestion {
  point: LoadPoint;
  /** At the busiest moment of a day without its bursts. */
  ratePerHour: number;
  /** On the average of a day with its bursts. */
  meanRatePerHour: number;
  shape: DayShape;
  batchSize: number;
  cores: number;
  /** Of the jobs, most urgent queue first. */
  shares: readonly number[];
}

/** Whether Erlang's formula tells the waits at once: one queue, a steady load, exponential times, no shared cores. */
export function isPlain(
  { point, batchSize, cores, shares, shape }: WaitQuestion,
  { concurrency }: Deployment,
): boolean {
  const separate = concurrency <= cores;
  const steady = !changesOverDay(shape);
  return steady && separate && point.serviceTimeScv === 1 && batchSize === 1 && shares.length === 1;
}

/**
 * Waits of a deployment: in equilibrium at the busiest moment of a day without its bursts, or of the
 * jobs of a burst or an overloaded hour, followed as it passes; each figure from where it is worst.
 */
export function deploymentWaits(question: WaitQuestion, deployment: Deployment): DeploymentWaits {
  if (!changesOverDay(question.shape)) return steadyWaits(question, deployment);
  const { shape, point, ratePerHour, meanRatePerHour } = question;
  const steady = steadyWaits(question, deployment);
  // One load for the busiest of several hours is an approximation, however exact what follows is.
  if (steady.overall !== undefined && shape.hourlyShape !== undefined) steady.overall.exact = false;
  const perHour = steady.capacityPerHour;
  if (meanRatePerHour >= perHour)
    return steadyWaits({ ...question, ratePerHour: meanRatePerHour }, deployment);
  const slots = deployment.replicas * deployment.concurrency;
  const times = busyTimesOf(shape, point, ratePerHour, { slots, perHour });
  return times === undefined ? steady : worstWaits(question, deployment, steady, times);
}

/** Waits longer or shorter by a factor. */
export function scaledWaits(waits: DeploymentWaits, factor: number): DeploymentWaits {
  const { capacityPerHour, busyShare, residenceSeconds, overall } = waits;
  return {
    capacityPerHour,
    busyShare,
    residenceSeconds,
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
