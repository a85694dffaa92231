import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DswError } from '../errors.js';
import { cleanupOldFilesTask } from './cleanup-old-files.js';
import { cleanupOrphanedJobsTask } from './cleanup-orphaned-jobs.js';
import type { AnyTask } from './contract.js';
import { ocrTask } from './ocr/ocr-task.js';
import { translateTask } from './translate/translate-task.js';

/** Tasks by name. */
export type TaskRegistry = ReadonlyMap<string, AnyTask>;

/**
 * The tasks that dsw brings along, and those that modules export.
 * @param modules paths of JavaScript modules, relative to the working folder.
 * @throws DswError `config` when a module can't be loaded or exports no task.
 */
export async function loadTasks(modules: readonly string[]): Promise<TaskRegistry> {
  const builtIn = [
    ocrTask,
    translateTask,
    cleanupOldFilesTask,
    cleanupOrphanedJobsTask,
  ] as AnyTask[];
  const own = await Promise.all(modules.map(importTasks));
  return new Map([...builtIn, ...own.flat()].map((task) => [task.name, task]));
}

async function importTasks(path: string): Promise<AnyTask[]> {
  const file = isAbsolute(path) ? path : resolve(path);
  let exported: Record<string, unknown>;
  try {
    exported = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (error) {
    throw new DswError('config', `tasks: can't load ${path}: ${String(error)}`, { cause: error });
  }
  const tasks = Object.values(exported).filter(isTask);
  if (tasks.length === 0)
    throw new DswError('config', `tasks: expected ${path} to export a task, found none`);
  return tasks;
}

function isTask(value: unknown): value is AnyTask {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    'run' in value &&
    'input' in value
  );
}
