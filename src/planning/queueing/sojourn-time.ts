import { whereItFallsTo } from '../numerics/decreasing-root.js';
import {
  requirePositive,
  requireNonNegative,
  requireProbability,
  requireWhole,
} from './arguments.js';
import { delayProbability } from './erlang.js';

export interface SojournTimeInput {
  /** Jobs per second, at least 0. */
  arrivalRate: number;
  /** Mean seconds of an exponential service. */
  serviceSeconds: number;
  servers: number;
}

export interface SojournTime {
  /** Mean seconds from arrival to result: wait and service. */
  mean: number;
  /** Seconds within which a share p of all jobs is done; 0 ≤ p < 1. */
  quantile(p: number): number;
}

/**
 * Wait and service together in M/M/c, exact: a job waits for an exponential time with the probability
 * of Erlang C, then serves for another, independent one. Undefined for a load that the servers can't
 * keep up with.
 * @throws DswError for arguments that can't be.
 */
export function sojournTime(input: SojournTimeInput): SojournTime | undefined {
  const { arrivalRate, serviceSeconds, servers } = input;
  requireNonNegative('arrivalRate', arrivalRate);
  requirePositive('serviceSeconds', serviceSeconds);
  requireWhole('servers', servers);
  const offeredLoad = arrivalRate * serviceSeconds;
  const idle = servers - offeredLoad;
  if (idle <= 0) return undefined;
  const pWait = delayProbability(servers, offeredLoad);
  return {
    mean: serviceSeconds * (1 + pWait / idle),
    quantile: (p) => {
      requireProbability('p', p);
      if (p === 0) return 0;
      return serviceSeconds * whereItFallsTo((x) => tail(x, pWait, idle), 1 - p, 1);
    },
  };
}

/**
 * P(wait + service > x) in service times: e^−x + C·(e^−x − e^−dx)/(d − 1), with d servers idle on
 * average; written so that it stays exact where d is near 1, and finite where x is large.
 */
function tail(x: number, pWait: number, idle: number): number {
  const gap = Math.abs(idle - 1);
  const overlap = gap === 0 ? x : -Math.expm1(-gap * x) / gap;
  return Math.exp(-x) + pWait * Math.exp(-Math.min(1, idle) * x) * overlap;
}
