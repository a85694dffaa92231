import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DswError } from '../errors.js';
import type { AnyTask } from './contract.js';

/** Tasks by name. */
export type TaskRegistry = ReadonlyMap<string, AnyTask>;

/** The tasks that dsw brings along, each loaded when it is wanted. */
const BUILT_IN: ReadonlyMap<string, () => Promise<unknown>> = new Map([
  ['ocr', async () => (await import('./ocr/ocr-task.js')).ocrTask],
  ['translate', async () => (await import('./translate/translate-task.js')).translateTask],
  ['cleanup_old_files', async () => (await import('./cleanup-old-files.js')).cleanupOldFilesTask],
  [
    'cleanup_orphaned_jobs',
    async () => (await import('./cleanup-orphaned-jobs.js')).cleanupOrphanedJobsTask,
  ],
] as [string, () => Promise<unknown>][]);

/**
 * The tasks that dsw brings along, and those that modules export.
 * @param modules paths of JavaScript modules, relative to the working folder.
 * @throws DswError `config` when a module can't be loaded or exports no task.
 */
export async function loadTasks(modules: readonly string[]): Promise<TaskRegistry> {
  const shelf = await TaskShelf.open(modules);
  const tasks = await Promise.all(shelf.names.map((name) => shelf.find(name)));
  return new Map(tasks.flatMap((task) => (task ? [[task.name, task]] : [])));
}

/** All tasks by name; those of dsw are loaded when first asked for: few slots run them all. */
export class TaskShelf {
  readonly #tasks: Map<string, AnyTask>;

  private constructor(own: readonly AnyTask[]) {
    this.#tasks = new Map(own.map((task) => [task.name, task]));
  }

  /** @throws DswError `config` when a module can't be loaded or exports no task. */
  static async open(modules: readonly string[]): Promise<TaskShelf> {
    return new TaskShelf((await Promise.all(modules.map(importTasks))).flat());
  }

  get names(): string[] {
    return [...new Set([...BUILT_IN.keys(), ...this.#tasks.keys()])];
  }

  /** A task of the user's own goes before one of dsw of the same name. */
  async find(name: string): Promise<AnyTask | undefined> {
    const known = this.#tasks.get(name);
    if (known) return known;
    const task = (await BUILT_IN.get(name)?.()) as AnyTask | undefined;
    if (task) this.#tasks.set(name, task);
    return task;
  }
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
