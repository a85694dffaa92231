import type { TimeLimits } from '../planning/snapshot.js';
import type { TaskFacts } from '../tasks/task-modules.js';
import type { WorkerOptions } from './worker-options.js';

/** The time limits of a task: its own, and where it sets none those of the settings. */
export function timeLimitsOf(
  task: string,
  tasks: ReadonlyMap<string, TaskFacts>,
  { softLimitSeconds, hardLimitSeconds }: WorkerOptions['limits'],
): TimeLimits {
  const own = tasks.get(task);
  return {
    softSeconds: own?.softLimitSeconds ?? softLimitSeconds,
    hardSeconds: own?.hardLimitSeconds ?? hardLimitSeconds,
  };
}

/** Of all tasks that have any. */
export function allTimeLimits(
  tasks: ReadonlyMap<string, TaskFacts>,
  limits: WorkerOptions['limits'],
): Record<string, TimeLimits> {
  const all = [...tasks.keys()].map((task) => [task, timeLimitsOf(task, tasks, limits)] as const);
  return Object.fromEntries(
    all.filter(([, { softSeconds, hardSeconds }]) => (softSeconds ?? hardSeconds) !== undefined),
  );
}
