import { requireNonNegative, requirePositive, requireWhole } from './arguments.js';

/** Slots of one replica and the cores that they share. */
export interface SharedCores {
  /** CPU cores of the replica; fractions are allowed, as a container's quota may be one. */
  cores: number;
  /** Slots of the replica. */
  slots: number;
  /** I/O wait time over CPU time of one job that runs alone. */
  waitRatio: number;
}

/** What slots that share cores give while all of them are busy. */
export interface SlotThroughput {
  /**
   * Jobs finished per unit of time, the unit being one job's own CPU time. Divide it by that CPU time
   * in seconds to get jobs per second.
   */
  throughput: number;
  /** Share of the cores' time in use. */
  cpuUtilization: number;
  /** Time a job holds its slot, over the time it would take alone. */
  stretch: number;
  /** Slots beyond which cores, not slots, set the limit: cores × (1 + wait ratio). */
  knee: number;
  /** What no arrangement can exceed: the smaller of `cores` and slots/(1 + wait ratio). */
  upperBound: number;
  /** `throughput` over `upperBound`. */
  efficiency: number;
}

/**
 * Throughput of busy slots that share cores: the closed machine-repair model, exact for exponential
 * CPU bursts on cores that are shared evenly, whatever the I/O times (Scherr 1967; Baskett, Chandy,
 * Muntz and Palacios 1975). With j jobs on the CPU, min(j, cores) of them progress.
 */
export function slotThroughput(input: SharedCores): SlotThroughput {
  requireSharedCores(input);
  const { cores, slots, waitRatio } = input;
  const throughput = throughputOf(slots, cores, waitRatio);
  const upperBound = Math.min(cores, slots / (1 + waitRatio));
  return {
    throughput,
    cpuUtilization: throughput / cores,
    stretch: slots / (throughput * (1 + waitRatio)),
    knee: cores * (1 + waitRatio),
    upperBound,
    efficiency: throughput / upperBound,
  };
}

/** Refuses slots, cores and wait ratios that can't be. */
function requireSharedCores({ cores, slots, waitRatio }: SharedCores): void {
  requirePositive('cores', cores);
  requireWhole('slots', slots);
  requireNonNegative('waitRatio', waitRatio);
}

/** Jobs per CPU time of one job with `busy` jobs in a replica. */
function throughputOf(busy: number, cores: number, waitRatio: number): number {
  if (busy === 0) return 0;
  if (waitRatio === 0) return Math.min(busy, cores);
  // Weights of j jobs on the CPU, j = 0 … busy, relative to the largest so far: they can span
  // more than the range of a number.
  let weight = 1;
  let total = 1;
  let working = 0;
  for (let onCpu = 1; onCpu <= busy; onCpu++) {
    const rate = Math.min(onCpu, cores);
    weight *= (busy - onCpu + 1) / (waitRatio * rate);
    total += weight;
    working += weight * rate;
    if (total > 1e200) {
      weight /= total;
      working /= total;
      total = 1;
    }
  }
  return working / total;
}
