import { DswError } from '../../errors.js';
import { requireNonNegative, requirePositive } from './arguments.js';
import type { ServiceTime } from './waiting-time.js';

/** Service of the jobs of all classes together. */
export interface ServiceMix {
  /** Seconds. */
  mean: number;
  scv: number;
  /** Each class's part of all work; they sum to 1 when there is any. */
  workShares: number[];
}

/**
 * Mean and scv over the jobs of all classes: the moments of the mixture.
 * @param serviceTime of all classes, or of each.
 * @throws DswError for service times that can't be, or not as many as classes.
 */
export function mixedService(
  arrivalRates: readonly number[],
  serviceTime: ServiceTime | readonly ServiceTime[],
): ServiceMix {
  const total = arrivalRates.reduce((sum, rate) => sum + rate, 0);
  const shares = arrivalRates.map((rate) => (total > 0 ? rate / total : 1 / arrivalRates.length));
  if (!isList(serviceTime)) {
    const { mean, scv = 1 } = serviceTime;
    requireServiceTime('serviceTime', { mean, scv });
    return { mean, scv, workShares: shares };
  }
  if (serviceTime.length !== arrivalRates.length) {
    throw new DswError(
      'usage',
      `serviceTime: expected one, or one for each of ${arrivalRates.length} classes, got ${serviceTime.length}.`,
    );
  }
  serviceTime.forEach((time, i) => requireServiceTime(`serviceTime[${i}]`, time));
  const work = serviceTime.map(({ mean }, i) => (shares[i] ?? 0) * mean);
  const mean = work.reduce((sum, part) => sum + part, 0);
  const squares = serviceTime.map((time, i) => (work[i] ?? 0) * time.mean * (1 + (time.scv ?? 1)));
  const scv = squares.reduce((sum, square) => sum + square, 0) / mean ** 2 - 1;
  return { mean, scv: Math.max(0, scv), workShares: work.map((part) => part / mean) };
}

export function isList(
  serviceTime: ServiceTime | readonly ServiceTime[],
): serviceTime is readonly ServiceTime[] {
  return Array.isArray(serviceTime);
}

function requireServiceTime(name: string, { mean, scv = 1 }: ServiceTime): void {
  requirePositive(`${name}.mean`, mean);
  requireNonNegative(`${name}.scv`, scv);
}
