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
export function requireSharedCores({ cores, slots, waitRatio }: SharedCores): void {
  requirePositive('cores', cores);
  requireWhole('slots', slots);
  requireNonNegative('waitRatio', waitRatio);
}

/** Jobs per CPU time of one job with `busy` jobs in a replica. */
export function throughputOf(busy: number, cores: number, waitRatio: number): number {
  if (waitRatio === 0) return Math.min(busy, cores);
  if (busy === 0) return 0;
  // Outwards from the likeliest number on the CPU, by the ratio of neighbours, as far as it counts.
  const likeliest = likeliestOnCpu(busy, cores, waitRatio);
  let total = 1;
  let progressing = Math.min(likeliest, cores);
  const count = (weight: number, onCpu: number): void => {
    total += weight;
    progressing += weight * Math.min(onCpu, cores);
  };
  let weight = 1;
  for (let onCpu = likeliest + 1; onCpu <= busy && weight > NEGLIGIBLE; onCpu++) {
    weight *= (busy - onCpu + 1) / (waitRatio * Math.min(onCpu, cores));
    count(weight, onCpu);
  }
  weight = 1;
  for (let onCpu = likeliest - 1; onCpu >= 0 && weight > NEGLIGIBLE; onCpu--) {
    weight *= (waitRatio * Math.min(onCpu + 1, cores)) / (busy - onCpu);
    count(weight, onCpu);
  }
  return progressing / total;
}

/** A share of the likeliest state below which another one does not count. */
const NEGLIGIBLE = 1e-18;

function likeliestOnCpu(busy: number, cores: number, waitRatio: number): number {
  const separate = Math.floor((busy + 1) / (1 + waitRatio));
  const onCpu = separate < cores ? separate : Math.floor(busy + 1 - waitRatio * cores);
  return Math.min(busy, Math.max(0, onCpu));
}

/**
 * Asymptotic variance of the number of finished CPU turns over its mean, with all slots busy: 1 for a
 * Poisson stream, less for a regular one. From the Poisson equation of the birth and death chain of
 * jobs on the CPU, solved by flow over each level (Whitt 1992, "Asymptotic formulas for Markov
 * processes", section 3).
 */
export function cycleDispersion({ slots, cores, waitRatio }: SharedCores): number {
  if (waitRatio === 0) return 1;
  const law = jobsOnCpu(slots, cores, waitRatio);
  const rates = law.map((_, onCpu) => Math.min(onCpu, cores));
  const flow = (onCpu: number): number => (law[onCpu] ?? 0) * (rates[onCpu] ?? 0);
  const throughput = law.reduce((sum, _, onCpu) => sum + flow(onCpu), 0);
  let surplus = 0;
  let variance = 0;
  for (let onCpu = 1; onCpu <= slots; onCpu++) {
    surplus += throughput * (law[onCpu - 1] ?? 0) - flow(onCpu - 1);
    if (flow(onCpu) === 0) continue;
    const step = surplus / flow(onCpu);
    variance += flow(onCpu) * ((1 - step) ** 2 + step ** 2);
  }
  return variance / throughput;
}

/** P(j jobs on the CPU), j = 0 … busy; the others wait for I/O. The wait ratio is above 0. */
function jobsOnCpu(busy: number, cores: number, waitRatio: number): number[] {
  // In logarithms: the weights can span more than the range of a number.
  const weights = [0];
  for (let onCpu = 1; onCpu <= busy; onCpu++) {
    const arriving = Math.log(busy - onCpu + 1) - Math.log(waitRatio);
    weights.push((weights[onCpu - 1] ?? 0) + arriving - Math.log(Math.min(onCpu, cores)));
  }
  const largest = weights.reduce((most, weight) => Math.max(most, weight), 0);
  const relative = weights.map((weight) => Math.exp(weight - largest));
  const total = relative.reduce((sum, weight) => sum + weight, 0);
  return relative.map((weight) => weight / total);
}
