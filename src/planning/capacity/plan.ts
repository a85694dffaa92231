import type { QueueName } from '../queue-names.js';
import type { UtilizationBand } from '../utilization.js';
import type { Contradiction, GuideAnswer } from '../guide/guide-answer.js';
import type { Deployment, Interval, MemoryModel } from './profile.js';

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
  meanWaitSeconds: number;
  p95WaitSeconds: number;
  /** Absent: none was asked for. */
  targetP95WaitSeconds?: number;
  met: boolean;
}

/** Memory of one replica with all of its slots busy. */
export interface MemoryEstimate {
  model: MemoryModel;
  /** Models once per container; low and high by what a job adds. */
  sharedMb: Interval;
  /** Everything once per slot. */
  perProcessMb: number;
  limitMb: number;
  alertMb: number;
  /**
   * `fits`: below the alert line whatever model holds. `alert`: above the line, below the limit, at
   * worst. `risky`: over the limit by one model, not by the other. `tooLarge`: over the limit by all.
   */
  verdict: 'fits' | 'alert' | 'risky' | 'tooLarge';
}

export interface CostEstimate {
  /** Services that are paid for: replicas and the fixed ones, the first guide's (1 + N + 1). */
  units: number;
  /** The other guide's count: replicas alone. */
  workerUnits: number;
  currency: string;
  /** How the amount is made up: a price per service, or prices of memory and CPU used. */
  basis: 'services' | 'usage';
  /** A month of 30 days; low and high by the memory model when the basis is `usage`. */
  perMonth: { low: number; high: number };
  /** Of the high amount, what slots that wait for work cost. */
  idlePerMonth: number;
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

/** The mechanism that made the answer what it is. */
export type Mechanism =
  | 'noLoad'
  | 'cpuContention'
  | 'randomness'
  | 'batches'
  | 'timeOfDay'
  | 'memory'
  | 'limits'
  | 'minimum';

export interface Why {
  mechanism: Mechanism;
  /** Three sentences that name it, with its numbers. */
  sentences: string[];
  offeredLoadErlangs: number;
  cpuLoadCores: number;
}

/** Where one input turns the answer; absent where nothing within a factor of 100 does. */
export interface BreakEven {
  field: string;
  value: number;
  /** Beyond this the chosen deployment misses its target. */
  failsAt?: number;
  failsWhen?: 'above' | 'below';
  /** The deployment that is then needed; absent when none within the limits would do. */
  thenNeeds?: Deployment;
  sentence: string;
}

export type InputSource = 'given' | 'default' | 'guide' | 'measured';

export interface Input {
  /** Dotted path in the profile. */
  field: string;
  value: unknown;
  source: InputSource;
}

export interface Warning {
  code: string;
  /** Dotted path in the profile, where one field is behind it. */
  field?: string;
  sentence: string;
}

/** The analytic figure beside a simulation of the same deployment. */
export interface Check {
  deployment: Deployment;
  because: string;
  analyticP95WaitSeconds: number;
  /** 95 % confidence interval around the simulated figure. */
  simulatedP95WaitSeconds: Interval;
  jobs: number;
  agree: boolean;
}

export interface ScheduleEntry {
  /** Hours of the day, from inclusive, to exclusive. */
  fromHour: number;
  toHour: number;
  replicas: number;
  ratePerHour: number;
  p95WaitSeconds: number;
}

/** Replicas by time of day, when the load has one. */
export interface Schedule {
  entries: ScheduleEntry[];
  averageReplicas: number;
  peakReplicas: number;
  offPeakReplicas: number;
  perMonth: number;
  savedPerMonth: number;
}

export interface BurstReport {
  atHour: number;
  minutes: number;
  ratePerHour: number;
  /** Most jobs that wait, as a flow; 0 when the slots keep up. */
  peakBacklog: number;
  /** From its start until its backlog is gone; absent when it never is before the next. */
  backlogMinutes?: number;
  longestWaitSeconds: number;
}

/** What is wrong with the deployment in use, and what changing to the chosen one does. */
export interface Judgement {
  candidate: Candidate;
  sentence: string;
  /** Chosen minus current. */
  replicasDelta: number;
  costDeltaPerMonth: number;
}

interface PlanBody {
  profile: string;
  /** Whether `chosen` was given by the caller instead of picked. */
  fixed: boolean;
  headline: string;
  target: { p95WaitSeconds: number; source: InputSource };
  current: Judgement | null;
  candidates: Candidate[];
  guide: GuideAnswer;
  why: Why;
  queues: QueueWait[];
  memory: MemoryEstimate | null;
  cost: CostEstimate | null;
  schedule: Schedule | null;
  bursts: BurstReport[];
  breakEvens: BreakEven[];
  warnings: Warning[];
  contradictions: Contradiction[];
  inputs: Input[];
  checks: Check[];
}

/** A deployment that meets the target, and why it is the one. */
export interface Plan extends PlanBody {
  verdict: 'met';
  exitCode: 0;
  chosen: Candidate;
}

/** A load or a deployment that can't be had as wanted: why not, and what would do. */
export interface Refusal extends PlanBody {
  verdict: Exclude<Verdict, 'met'>;
  exitCode: 3 | 4;
  /** The best that can be run, or the deployment that was asked about; null when nothing can. */
  chosen: Candidate | null;
  excuse: Excuse;
  /** What would meet the target; null when none of any size does. */
  wouldDo: (Deployment & { slots: number; breaks: string | null }) | null;
}

export type PlanResult = Plan | Refusal;
