import { Random } from './random.js';
import { summarizeRuns, type SimulatedWait } from './simulated-wait.js';
import { createJobSystem } from './simulate.js';
import type { SimulationInput } from './simulation-input.js';
import { WaitStatistics } from './wait-statistics.js';

/** A stretch of time in a load that changes. */
export interface StretchSimulation {
  /** With `rateFactors` that begin where the run-up to the stretch does, with nothing in the system. */
  load: SimulationInput;
  /** Seconds from the beginning of the run-up. */
  from: number;
  to: number;
  /** How often it is run, each time anew; at least 20. */
  runs: number;
}

export interface SimulatedStretch extends SimulatedWait {
  /** By priority, most urgent first. */
  classes: SimulatedWait[];
  /** That arrived in the stretch, over all runs. */
  jobs: number;
}

/** Runs are taken together in so many groups, from which the intervals come. */
const GROUPS = 20;

/** Simulates how jobs wait that arrive in one stretch, again and again. */
export function simulateStretch({ load, from, to, runs }: StretchSimulation): SimulatedStretch {
  const [{ mean: unit } = { mean: 1 }] = [load.serviceTime].flat();
  const classCount = typeof load.arrivalRate === 'number' ? 1 : load.arrivalRate.length;
  const groups = Array.from({ length: GROUPS }, () =>
    Array.from({ length: 1 + classCount }, () => new WaitStatistics(unit)),
  );
  for (let run = 0; run < runs; run++) {
    const [all, ...classes] = groups[run % GROUPS] ?? [];
    runOnce(load, new Random(load.seed, run), from, to, (priority, wait) => {
      all?.add(wait);
      classes[priority]?.add(wait);
    });
  }
  const [all, ...classes] = Array.from({ length: 1 + classCount }, (_, i) =>
    summarizeRuns(groups.map((group) => group[i] as WaitStatistics)),
  );
  const jobs = groups.reduce((sum, [whole]) => sum + (whole?.count ?? 0), 0);
  return { ...(all as SimulatedWait), classes, jobs };
}

function runOnce(
  load: SimulationInput,
  random: Random,
  from: number,
  to: number,
  count: (priority: number, wait: number) => void,
): void {
  let waiting = Infinity;
  const system = createJobSystem(load, random, {
    started(priority, arrivedAt, startedAt) {
      if (arrivedAt > to) return;
      waiting -= 1;
      if (arrivedAt >= from) count(priority, startedAt - arrivedAt);
    },
  });
  system.runUntil(to);
  waiting = system.waiting;
  while (waiting > 0) system.step();
}
