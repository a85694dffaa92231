import type { TaskSettings } from '../config/task-settings.js';
import type { JobInspector } from '../queues/job-inspector.js';
import type { JobParts, PartsProgress } from '../queues/job-parts.js';
import type { TaskContext, TaskDefinition } from './contract.js';

/** What dsw's own tasks are given beside what every task is given. */
export interface SystemContext extends TaskContext {
  settings: TaskSettings;
  /** Which jobs exist, for tasks that tidy up. Connects when first used. */
  jobs(): Promise<JobInspector>;
  /** How it went, when the job was split before: what its parts left undone, it does itself. */
  parts: PartsProgress | undefined;
}

/** Returned by a task instead of its result: the job runs again when these parts are done. */
export class Split {
  readonly parts: JobParts;

  constructor(parts: JobParts) {
    this.parts = parts;
  }
}

/** One of dsw's own tasks: it is told the settings also when it warms up. */
interface SystemTask<Input, Output> extends Omit<
  TaskDefinition<Input, Output, SystemContext>,
  'warmUp'
> {
  warmUp?(settings: TaskSettings): Promise<void>;
}

/** A task of any input and output, dsw's or the user's own. */
export type AnyTask = SystemTask<never, unknown>;

/** Declares one of dsw's own tasks. */
export function defineSystemTask<Input, Output>(
  task: SystemTask<Input, Output>,
): SystemTask<Input, Output> {
  return task;
}
