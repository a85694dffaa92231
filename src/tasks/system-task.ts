import type { TaskSettings } from '../config/task-settings.js';
import type { JobInspector } from '../queues/job-inspector.js';
import type { TaskContext, TaskDefinition } from './contract.js';

/** What dsw's own tasks are given beside what every task is given. */
export interface SystemContext extends TaskContext {
  settings: TaskSettings;
  /** Which jobs exist, for tasks that tidy up. Connects when first used. */
  jobs(): Promise<JobInspector>;
}

/** A task of any input and output, dsw's or the user's own. */
export type AnyTask = TaskDefinition<never, unknown, SystemContext>;

/** Declares one of dsw's own tasks. */
export function defineSystemTask<Input, Output>(
  task: TaskDefinition<Input, Output, SystemContext>,
): TaskDefinition<Input, Output, SystemContext> {
  return task;
}
