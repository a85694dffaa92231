import { cleanupOldFilesTask } from './cleanup-old-files.js';
import { cleanupOrphanedJobsTask } from './cleanup-orphaned-jobs.js';
import type { AnyTask } from './contract.js';
import { ocrTask } from './ocr/ocr-task.js';

/** Tasks by name. */
export type TaskRegistry = ReadonlyMap<string, AnyTask>;

/** The tasks that dsw brings along. */
export function loadTasks(): Promise<TaskRegistry> {
  const tasks = [ocrTask, cleanupOldFilesTask, cleanupOrphanedJobsTask];
  return Promise.resolve(new Map(tasks.map((task) => [task.name, task as AnyTask])));
}
