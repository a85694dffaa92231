import { estimate, type Estimate } from './estimate.js';
import type { WaitStatistics } from './wait-statistics.js';

/** Waits of simulated jobs, in seconds. */
export interface SimulatedWait {
  pWait: Estimate;
  mean: Estimate;
  p50: Estimate;
  p95: Estimate;
  p99: Estimate;
}

/**
 * Figures of all runs together, each with an interval from how leaving out one run changes it
 * (jackknife by groups: Asmussen and Glynn 2007, "Stochastic simulation", section III.5). A quantile
 * of one short run is off to one side and varies too little, which a mean over runs would keep.
 * @param runs at least three, independent and of about equal length, in one unit.
 */
export function summarizeRuns(runs: readonly WaitStatistics[]): SimulatedWait {
  const all = runs.reduce((sum, run) => sum.plus(run));
  const without = runs.map((run) => all.plus(run, -1));
  const over = (read: (waits: WaitStatistics) => number): Estimate =>
    estimate(read(all), without.map(read));
  return {
    pWait: over((waits) => waits.pWait),
    mean: over((waits) => waits.mean),
    p50: over((waits) => waits.quantile(0.5)),
    p95: over((waits) => waits.quantile(0.95)),
    p99: over((waits) => waits.quantile(0.99)),
  };
}
