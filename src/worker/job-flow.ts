import type { ExchangeReply, SettledJob } from '../queues/job-exchange.js';
import type { LeasedJob } from '../queues/leased-job.js';

// What a dispatcher stands between: where jobs come from, and where they run.

/** Where the dispatcher gets its jobs and leaves what became of them. */
export interface JobSource {
  exchange(settled: readonly SettledJob[], wanted: number): Promise<ExchangeReply>;
  /**
   * Resolves when there may be work again, at `until` at the latest, with up to `wanted` jobs of it,
   * or with undefined when it has to be asked for.
   */
  waitForWork(until: number | undefined, wanted: number): Promise<ExchangeReply | undefined>;
  /** Lets another worker have the signal that ended the last wait. */
  passOnSignal(): Promise<void>;
  interruptWait(): Promise<void>;
  /** Why a leased job must not be run, if so: it becomes a dead letter. */
  refuse(job: LeasedJob): string | undefined;
  /** Notes that a suspected job runs alone now. */
  markAlone(job: LeasedJob): Promise<void>;
  /** An exchange failed although Redis answers (full, read-only). Resolves when to try again. */
  exchangeFailed(error: unknown): Promise<void>;
}

/** Where jobs run. */
export interface JobSlots {
  /** Slots in service, and those of them that are free now. */
  readonly size: number;
  readonly free: number;
  /** Runs jobs one after the other in a free slot. */
  run(jobs: readonly LeasedJob[]): Promise<BatchOutcome>;
}

export interface BatchOutcome {
  settled: SettledJob[];
  /** To run again: not begun, or their replies were lost with the slot. */
  unfinished: LeasedJob[];
}
