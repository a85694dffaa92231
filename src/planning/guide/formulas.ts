/**
 * The guides' optimal concurrency: cores × (1 + wait ratio), a number of slots that need not be whole.
 * It keeps the cores busy only if no two jobs ever need one at the same moment; what slots really
 * finish says `slotThroughput`.
 * @param cores CPU cores of a replica, above 0.
 * @param waitRatio I/O wait time over CPU time of one job, at least 0.
 */
export function guideConcurrency(cores: number, waitRatio: number): number {
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
