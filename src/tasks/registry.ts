import { cleanupOldFilesTask } from './cleanup-old-files.js';
import { cleanupOrphanedJobsTask } from './cleanup-orphaned-jobs.js';
import type { AnyTask } from './contract.js';
import { ocrTask } from './ocr/ocr-task.js';

/** The tasks that dsw brings along, by name. */
export const builtInTasks: ReadonlyMap<string, AnyTask> = new Map(
  [ocrTask, cleanupOldFilesTask, cleanupOrphanedJobsTask].map((task) => [
    task.name,
    task as AnyTask,
  ]),
);
