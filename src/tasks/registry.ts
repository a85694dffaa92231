import { didYouMean } from '../config/did-you-mean.js';
import { DswError } from '../errors.js';
import type { AnyTask } from './system-task.js';
import { loadOwnTasks, type OwnTask, type TaskFacts } from './task-modules.js';

/** The tasks that dsw brings along, each loaded when it is wanted. */
const BUILT_IN: ReadonlyMap<string, () => Promise<unknown>> = new Map([
  ['ocr', async () => (await import('./ocr/ocr-task.js')).ocrTask],
  ['ocr_pages', async () => (await import('./ocr/pages-task.js')).pagesTask],
  ['translate', async () => (await import('./translate/translate-task.js')).translateTask],
  ['cleanup_old_files', async () => (await import('./cleanup-old-files.js')).cleanupOldFilesTask],
  [
    'cleanup_orphaned_jobs',
    async () => (await import('./cleanup-orphaned-jobs.js')).cleanupOrphanedJobsTask,
  ],
] as [string, () => Promise<unknown>][]);

/** For a name that no task has: which there are, or which was meant. */
export function unknownTask(name: string, known: readonly string[]): DswError {
  const guess = didYouMean(name, known);
  const advice = guess === undefined ? `known: ${known.join(', ')}` : `did you mean "${guess}"?`;
  return new DswError('config', `no task named "${name}"; ${advice}`);
}

/** All tasks by name; those of dsw are loaded when first asked for: few slots run them all. */
export class TaskShelf {
  readonly #own: ReadonlyMap<string, OwnTask>;
  readonly #builtIn = new Map<string, AnyTask>();

  private constructor(own: ReadonlyMap<string, OwnTask>) {
    this.#own = own;
  }

  /**
   * @param checked whether another thread has opened the same without an error.
   * @throws DswError `config` as `loadOwnTasks` does.
   */
  static async open(modules: readonly string[], checked = false): Promise<TaskShelf> {
    return new TaskShelf(await loadOwnTasks(modules, [...BUILT_IN.keys()], checked));
  }

  get names(): string[] {
    return [...BUILT_IN.keys(), ...this.#own.keys()];
  }

  async find(name: string): Promise<AnyTask | undefined> {
    const known = this.#own.get(name)?.task ?? this.#builtIn.get(name);
    if (known) return known;
    const task = (await BUILT_IN.get(name)?.()) as AnyTask | undefined;
    if (task) this.#builtIn.set(name, task);
    return task;
  }

  /** @throws DswError `config` for a name that no task has. */
  async require(name: string): Promise<AnyTask> {
    const task = await this.find(name);
    if (task) return task;
    throw unknownTask(name, this.names);
  }

  /** What there is to know of every task. Loads them all. */
  async facts(): Promise<TaskFacts[]> {
    return await Promise.all(
      this.names.map(async (name) => {
        const { retry, softLimitSeconds, hardLimitSeconds } = await this.require(name);
        return {
          name,
          module: this.#own.get(name)?.module,
          ...(retry && { retry }),
          ...(softLimitSeconds !== undefined && { softLimitSeconds }),
          ...(hardLimitSeconds !== undefined && { hardLimitSeconds }),
        };
      }),
    );
  }
}
