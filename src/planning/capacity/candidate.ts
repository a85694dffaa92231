import type { QueueName } from '../queue-names.js';
import type { UtilizationBand } from '../utilization.js';
import type { Deployment } from './profile.js';
import type { CostEstimate, MemoryEstimate } from './resources.js';

/**
 * `met`: the target is kept. `missed`: the load is served, but waits are longer than the target.
 * `unstable`: more arrives than can be finished. `infeasible`: it can't be run at all.
 */
export type Verdict = 'met' | 'missed' | 'unstable' | 'infeasible';

/** Exit codes of `dsw plan`. */
export const EXIT_CODES = {
  met: 0,
  missed: 3,
  unstable: 4,
  infeasible: 4,
} as const satisfies Record<Verdict, number>;

/** How long jobs wait, without service. */
export interface WaitFigures {
  /**
   * The burst, or the overloaded hour, whose jobs wait longest; absent: the busiest moment of the day,
   * as if it lasted.
   */
  during?: { name: string; ratePerHour: number };
  /** Share of the jobs that wait at all. */
  pWait: number;
  meanWaitSeconds: number;
  p50WaitSeconds: number;
  p95WaitSeconds: number;
  p99WaitSeconds: number;
  /** Formulas behind it, and whether they are exact for this load. */
  method: string;
  exact: boolean;
}

export interface QueueWait {
  queue: QueueName;
  share: number;
  ratePerHour: number;
  /** Mean of its jobs, each alone on an idle replica. */
  serviceTimeMinutes: number;
  meanWaitSeconds: number;
  p95WaitSeconds: number;
  /** Absent: none was asked for. */
  targetP95WaitSeconds?: number;
  met: boolean;
}

/** Why a deployment is not the answer. */
export interface Excuse {
  code:
    | 'unstable'
    | 'missesTarget'
    | 'missesQueueTarget'
    | 'notInEnoughCases'
    | 'tooMuchMemory'
    | 'tooManyReplicas'
    | 'tooFewReplicas'
    | 'tooManyRedisConnections'
    | 'tooManyDatabaseConnections'
    | 'costsMore'
    | 'costsLess'
    | 'memoryRisk'
    | 'slower'
    | 'moreSlots';
  sentence: string;
}

/** One deployment, judged. */
export interface Candidate extends Deployment {
  slots: number;
  /** Jobs an hour with all slots busy, cores shared among them. */
  capacityPerHour: number;
  /** The same as the guides count: slots / service time. */
  capacityOnPaperPerHour: number;
  /** Time of a job over its time alone, with all slots of its replica busy. */
  stretch: number;
  /** Share of the slots that are busy on average; 1 when unstable. */
  utilization: number;
  band: UtilizationBand['name'];
  cpuUtilization: number;
  /** Absent when unstable: waits grow without bound. */
  wait?: WaitFigures;
  /** Mean seconds from arrival to result; absent when unstable. */
  meanFinishSeconds?: number;
  /** Jobs by which the backlog grows in an hour; 0 when stable. */
  backlogGrowthPerHour: number;
  queues: QueueWait[];
  memory: MemoryEstimate;
  cost: CostEstimate;
  verdict: Verdict;
  /** Share of the cases within the profile's intervals in which it meets the target. */
  holdsInShareOfCases: number;
  /** Absent for the chosen one. */
  excuse?: Excuse;
}
