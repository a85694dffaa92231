import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DswError } from '../errors.js';
import { readEnvironment, type Environment } from './environment.js';
import { readRunFile } from './run-file.js';
import { settingsSchema, type Settings } from './settings.js';
import { validate } from './validate.js';
import { parseYaml, readYaml, type Source } from './yaml-source.js';

const DEFAULT_FILE = 'dsw.yaml';

/** Flags that set a field of `worker`, by its name. */
const WORKER_FLAGS = [
  'concurrency',
  'queues',
  'queueOrder',
  'maxTasksPerSlot',
  'slotMemoryMb',
  'drainSeconds',
  'allowOvercommit',
] as const;

/** What the command line sets; an absent field leaves the choice to environment, file and default. */
export type SettingFlags = Partial<
  Record<'config' | 'redis' | 'prefix' | 'store', string> &
    Record<(typeof WORKER_FLAGS)[number], unknown>
>;

/**
 * The settings in force: flags over environment over dsw.yaml over defaults.
 * @param nameOf what to call a field that the flags set. Default: by its flag.
 * @throws DswError `config` when the file, a variable or a flag holds something unusable.
 */
export function loadSettings(
  flags: SettingFlags = {},
  environment: Environment = readEnvironment(),
  nameOf: (path: readonly PropertyKey[]) => string = flagName,
): Settings {
  const path = flags.config ?? environment.configPath;
  const fromFile = validate(settingsSchema, settingsFile(path));
  // A module is named as seen from the file that names it.
  const folder = dirname(path ?? DEFAULT_FILE);
  const tasks = fromFile.tasks.map((module) => resolve(folder, module));
  const withEnvironment = overlay(
    { ...fromFile, tasks },
    environmentLayer(environment),
    variableName,
  );
  return overlay(withEnvironment, flagLayer(flags), nameOf);
}

function settingsFile(given: string | undefined): Source {
  if (given !== undefined) return readYaml(resolve(given));
  return existsSync(DEFAULT_FILE) ? readYaml(DEFAULT_FILE) : parseYaml('', DEFAULT_FILE);
}

type Layer = Record<string, unknown>;

function environmentLayer(environment: Environment): Layer {
  return { redisUrl: environment.redisUrl, prefix: environment.prefix, store: environment.store };
}

function flagLayer(flags: SettingFlags): Layer {
  const worker = Object.fromEntries(WORKER_FLAGS.map((flag) => [flag, flags[flag]]));
  return { redisUrl: flags.redis, prefix: flags.prefix, store: flags.store, worker };
}

/** Lays the defined values of `layer` over `settings` and checks the result again. */
function overlay(
  settings: Settings,
  layer: Layer,
  where: (path: readonly PropertyKey[]) => string,
): Settings {
  const merged: Layer = { ...settings };
  for (const [key, value] of Object.entries(layer)) {
    if (value === undefined) continue;
    const isGroup = typeof value === 'object' && !Array.isArray(value);
    merged[key] = isGroup ? { ...(merged[key] as Layer), ...definedOf(value as Layer) } : value;
  }
  return validate(settingsSchema, { value: merged, where });
}

function variableName(path: readonly PropertyKey[]): string {
  return path[0] === 'redisUrl' ? 'REDIS_URL' : `DSW_${String(path[0]).toUpperCase()}`;
}

function flagName(path: readonly PropertyKey[]): string {
  const words = path.filter((key) => typeof key === 'string' && key !== 'worker');
  return words[0] === 'redisUrl' ? '--redis' : `--${words.map(String).map(kebabCase).join('-')}`;
}

function kebabCase(word: string): string {
  return word.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function definedOf(values: Layer): Layer {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/**
 * The Redis address in force; without one, the private Redis of a "dsw up" in this folder is meant.
 * @throws DswError `config` when there is neither.
 */
export function requireRedisUrl(settings: Settings): string {
  const url = settings.redisUrl ?? readRunFile()?.redisUrl;
  if (url !== undefined) return url;
  throw new DswError(
    'config',
    'no Redis address: expected REDIS_URL, --redis or redisUrl in dsw.yaml',
    { hint: 'Run "dsw up" for a private Redis, or export REDIS_URL=redis://127.0.0.1:6379.' },
  );
}
