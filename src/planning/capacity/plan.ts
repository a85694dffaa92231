import type { Contradiction, GuideAnswer } from '../guide/guide-answer.js';
import type { BreakEven } from './break-evens.js';
import type { BurstReport } from './bursts.js';
import type { Candidate, Excuse, QueueWait, Verdict } from './candidate.js';
import type { Check } from './checks.js';
import type { Judgement } from './current.js';
import type { Input, InputSource } from './inputs.js';
import type { Deployment } from './profile.js';
import type { CostEstimate, MemoryEstimate } from './resources.js';
import type { Schedule } from './schedule.js';
import type { Warning } from './warnings.js';
import type { Why } from './why.js';

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
