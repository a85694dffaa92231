import type { LeasedJob } from '../queues/leased-job.js';
import type { StepLimit } from '../tasks/contract.js';
import type { Slot } from './slot.js';

/** Jobs in a slot; all but the last begun are done or yet to begin. */
export interface Occupation {
  slot: Slot;
  jobs: readonly LeasedJob[];
  progress: string | undefined;
  /** When (ms since the epoch) the step that the progress tells of has to be over. */
  step: { endsAt: number; otherwise: string } | undefined;
}

/** Enters what a running job says of how far it is. */
export function noteProgress(
  occupation: Occupation,
  { progress, within }: { progress: string; within: StepLimit | undefined },
): void {
  occupation.progress = progress;
  occupation.step = within && {
    endsAt: Date.now() + within.seconds * 1000,
    otherwise: within.otherwise,
  };
}
