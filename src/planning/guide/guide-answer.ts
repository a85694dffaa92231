import type { UtilizationBand } from '../utilization.js';
import type { GuideBook, GuideVerdict } from './guide-book.js';
import type { GuideName, TrafficClassName } from './traffic-classes.js';

/** A point on which the guides, or two places of one, say different things. */
export interface Contradiction {
  topic: string;
  sides: { source: GuideName; says: string }[];
  /** What it does to this answer: what follows from either side. */
  effect: string;
  /** Whether this answer would be another by the other side. */
  bearsOnAnswer: boolean;
}

/** What the guides say of a load: their formulas and tables alone. */
export interface GuideAnswer extends GuideBook {
  classes: TrafficClassName[];
  concurrency: {
    cores: number;
    waitRatio: number;
    /** cores × (1 + wait ratio). */
    optimal: number;
    slots: number;
    /** What those slots really use of the cores, by the closed model. */
    cpuUtilization: number;
  };
  deployments: GuideVerdict[];
  /** Replicas at the formula's concurrency that keep utilization in the good band. */
  ruleOfThumb: {
    replicas: number;
    concurrency: number;
    slots: number;
    utilization: number;
    band: UtilizationBand['name'];
    sharedMemoryMb: number;
    sharedMemoryTotalMb: number;
    perProcessMemoryMb: number;
    perProcessMemoryTotalMb: number;
    costUnits: number;
    workerCostUnits: number;
  };
}
