import { readdirSync, statSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../config/package-root.js';
import { STATE_FOLDER } from '../config/run-file.js';
import { DswError } from '../errors.js';
import type { TaskPolicy } from './contract.js';
import type { AnyTask } from './system-task.js';

const JAVASCRIPT = ['.js', '.mjs', '.cjs'];
const TYPESCRIPT = ['.ts', '.mts', '.cts'];
/** In a folder of tasks, these are none. */
const NOT_A_MODULE = /^[._]|\.d\.[cm]?ts$|\.(?:test|spec)\./;
/** Where TypeScript is kept once it is compiled, so that of all slots only the first compiles it. */
const CACHE_FOLDER = join(STATE_FOLDER, 'cache', 'tasks');

/** A task of the user's own, and the module that exports it. */
export interface OwnTask {
  task: AnyTask;
  module: string;
}

/** What is known of a task outside the slots. */
export interface TaskFacts extends TaskPolicy {
  name: string;
  /** The module that exports it; undefined for dsw's own. */
  module: string | undefined;
}

/**
 * The files that a list of modules and folders stands for; of a folder, each module directly in it.
 * @throws DswError `config` for one that isn't there, or can't hold tasks.
 */
export function findTaskModules(paths: readonly string[]): string[] {
  return [...new Set(paths.flatMap((path) => filesOf(resolve(path))))];
}

function filesOf(path: string): string[] {
  const info = statSync(path, { throwIfNoEntry: false });
  if (!info) throw new DswError('config', `tasks: no such file or folder: ${path}`);
  if (!info.isDirectory()) {
    if (isModule(path)) return [path];
    const known = [...TYPESCRIPT, ...JAVASCRIPT].join(', ');
    throw new DswError('config', `tasks: expected a module (${known}) or a folder, got ${path}`);
  }
  const names = readdirSync(path).sort();
  const files = names.filter((name) => isModule(name) && !NOT_A_MODULE.test(name));
  if (files.length === 0) throw new DswError('config', `tasks: no module in the folder ${path}`);
  return files.map((name) => join(path, name));
}

function isModule(path: string): boolean {
  return [...JAVASCRIPT, ...TYPESCRIPT].includes(extname(path));
}

/**
 * Loads the tasks that modules export. Their code runs: only inside a slot's thread.
 * @param taken names that are in use already.
 * @param checked whether another thread has found each task well formed: checking takes memory.
 * @throws DswError `config` for a module that can't be loaded, exports no task or a wrong one, or
 * one whose name another has.
 */
export async function loadOwnTasks(
  modules: readonly string[],
  taken: readonly string[],
  checked: boolean,
): Promise<Map<string, OwnTask>> {
  const own = new Map<string, OwnTask>();
  for (const module of modules) {
    for (const task of await importTasks(module, checked)) {
      const { name } = task;
      const first = taken.includes(name) ? 'dsw itself' : own.get(name)?.module;
      if (first !== undefined)
        throw new DswError('config', `tasks: ${module} exports "${name}", as ${first} does`, {
          hint: 'Each task has a name of its own: rename one.',
        });
      own.set(name, { task, module });
    }
  }
  return own;
}

async function importTasks(module: string, checked: boolean): Promise<AnyTask[]> {
  let exported: Record<string, unknown>;
  try {
    exported = await load(module);
  } catch (error) {
    const [reason = ''] = String(error).split('\n');
    const [, missing] =
      /^Error.*: Cannot find (?:module|package) '([^./'][^']*)'/.exec(reason) ?? [];
    const hint = missing && `npm install ${packageOf(missing)} in ${dirname(module)}`;
    throw new DswError('config', `tasks: can't load ${module}: ${reason}`, {
      cause: error,
      ...(hint && { hint }),
    });
  }
  // One that is exported twice, by name and by default, is one.
  const tasks = new Set<AnyTask>();
  for (const [name, value] of Object.entries(exported)) {
    if (!isMeantAsTask(value)) continue;
    if (!checked) {
      const { checkTask } = await import('./task-check.js');
      checkTask(value, `tasks: ${module}: export ${name}`);
    }
    tasks.add(value as AnyTask);
  }
  if (tasks.size > 0) return [...tasks];
  const names = Object.keys(exported).join(', ') || 'nothing';
  throw new DswError(
    'config',
    `tasks: expected ${module} to export what defineTask returns, got ${names}`,
  );
}

/** The package of "zod/v4" or "@scope/name/part". */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Of what a module exports, the objects that have two of a task's three parts: one may be forgotten. */
function isMeantAsTask(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return ['name', 'input', 'run'].filter((part) => part in value).length >= 2;
}

async function load(module: string): Promise<Record<string, unknown>> {
  if (!TYPESCRIPT.includes(extname(module)))
    return (await import(pathToFileURL(module).href)) as Record<string, unknown>;
  const { createJiti } = await import('jiti');
  const jiti = createJiti(import.meta.url, {
    fsCache: resolve(CACHE_FOLDER),
    interopDefault: false,
    // Also where dsw is installed for the whole machine, and not in the project.
    alias: { 'dsw/tasks': join(packageRoot(), 'dist', 'tasks.js') },
  });
  return await jiti.import(module);
}
