import { requireNonNegative, requirePositive } from '../queueing/arguments.js';

/**
 * The guides' optimal concurrency: cores × (1 + wait ratio), a number of slots that need not be whole.
 * It keeps the cores busy only if no two jobs ever need one at the same moment; what slots really
 * finish says `slotThroughput`.
 * @param cores CPU cores of a replica, above 0.
 * @param waitRatio I/O wait time over CPU time of one job, at least 0.
 * @throws DswError for arguments that can't be.
 */
export function guideConcurrency(cores: number, waitRatio: number): number {
  requirePositive('cores', cores);
  requireNonNegative('waitRatio', waitRatio);
  return cores * (1 + waitRatio);
}

/** Whole slots of an optimal concurrency: rounded down, at least one. */
export function wholeSlots(optimal: number): number {
  return Math.max(1, Math.floor(optimal + 1e-9));
}

/** Total slots: replicas × concurrency. */
export function totalSlots(deployment: { replicas: number; concurrency: number }): number {
  return deployment.replicas * deployment.concurrency;
}

/**
 * Services that are paid for: the scheduler, N workers and the dashboard, (1 + N + 1) × the base cost
 * of a service. The other guide counts the workers alone, N × base cost.
 */
export function costUnits(replicas: number, fixedServices = 2): number {
  return fixedServices + replicas;
}

/** Jobs an hour that slots finish on paper: slots / service time, cores not counted. */
export function capacityPerHour(slots: number, serviceMinutes: number): number {
  return (slots * 60) / serviceMinutes;
}

/** Share of the slots that the guides want busy at most. */
export const GOOD_UTILIZATION = 0.8;

/** Fewest slots that an offered load, in erlangs, keeps busy for at most such a share of the time. */
export function slotsAtUtilization(offeredLoad: number, utilization: number): number {
  return Math.max(1, Math.ceil(offeredLoad / utilization - 1e-9));
}

/** Longest service time, in minutes, at which slots finish a rate while so busy. */
export function impliedServiceMinutes(
  slots: number,
  ratePerHour: number,
  utilization: number,
): number {
  return (slots * 60 * utilization) / ratePerHour;
}
