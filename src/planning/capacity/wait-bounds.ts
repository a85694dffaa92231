import { changesOverDay } from './day-shape.js';
import { deploymentWaits, type WaitQuestion } from './deployment-waits.js';
import type { Deployment } from './profile.js';

/**
 * Whether the p95 wait is within a limit, by what other than exponential service can make of it at
 * least and at most: below scv 1 between scv times and once that of exponential service, above
 * between once and (1 + scv)/2 times. The exact M/D/c queue, which tells more, costs a thousand times
 * as much.
 * @returns undefined where the bounds don't tell: for batches, shared cores and changing rates never.
 */
export function withinByBounds(
  question: WaitQuestion,
  deployment: Deployment,
  mostSeconds: number,
): boolean | undefined {
  const { point, batchSize, cores, shape } = question;
  const scv = point.serviceTimeScv;
  const isSteady = !changesOverDay(shape) && batchSize === 1;
  if (!isSteady || deployment.concurrency > cores || scv === 1) return undefined;
  const alike = { ...question, point: { ...point, serviceTimeScv: 1 } };
  const { overall } = deploymentWaits(alike, deployment);
  if (overall === undefined) return false;
  const exponential = overall.quantile(0.95);
  if (exponential * Math.max(1, (1 + scv) / 2) <= mostSeconds) return true;
  return exponential * Math.min(1, scv) > mostSeconds ? false : undefined;
}
