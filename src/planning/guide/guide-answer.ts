import type { UtilizationBand } from '../utilization.js';
import type { GuideDeployment, GuideName, TrafficClassName } from './traffic-classes.js';

/** A point on which the guides, or two places of one, say different things. */
export interface Contradiction {
  topic: string;
  sides: { source: GuideName; says: string }[];
  /** What it does to this answer. */
  effect: string;
}

/** A guide's deployment for this load, by the guides' own arithmetic. */
export interface GuideVerdict extends GuideDeployment {
  /** Jobs an hour that its smallest and largest form finish, as slots / service time. */
  capacityPerHour: readonly [number, number];
  /** Busy share of its slots at the load's mid rate; above 1 when they don't suffice. */
  utilization: readonly [number, number];
  band: UtilizationBand['name'];
}

/** What the guides say of a load: their formulas and tables alone. */
export interface GuideAnswer {
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
