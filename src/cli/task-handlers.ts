import { loadSettings, requireRedisUrl, type SettingFlags } from '../config/load-settings.js';
import type { Settings } from '../config/settings.js';
import { taskSettings } from '../config/task-settings.js';
import { documentKeys } from '../documents/document-store.js';
import { openDocumentStore, storeOptions, type StoreOptions } from '../documents/open-store.js';
import { DswError } from '../errors.js';
import { newId } from '../queues/job-id.js';
import { unknownTask } from '../tasks/registry.js';
import { findTaskModules } from '../tasks/task-modules.js';
import { TaskTrial } from '../worker/task-trial.js';
import type { MoreTries, SlotNews } from '../worker/slot-messages.js';
import { readJsonInput } from './json-input.js';
import { print, printJson, say } from './output.js';
import { runUntilStopped } from './signals.js';
import { formatTasks } from './task-view.js';

export interface TaskFlags extends SettingFlags {
  json?: boolean;
}

export interface RunFlags extends TaskFlags {
  input: string;
  document?: string;
}

/** `dsw task list` */
export async function listTasks(flags: TaskFlags): Promise<void> {
  const trial = newTrial(loadSettings(flags));
  await runUntilStopped(trial, () => {
    if (flags.json) printJson(trial.tasks);
    else print(formatTasks(trial.tasks));
    return Promise.resolve();
  });
}

/** `dsw task run` */
export async function runTask(name: string, flags: RunFlags): Promise<void> {
  const settings = loadSettings(flags);
  const input = readJsonInput(flags.input);
  const trial = newTrial(settings);
  let ended: Awaited<ReturnType<TaskTrial['run']>> | undefined;
  await runUntilStopped(trial, async (stopped) => {
    const known = trial.tasks.map((task) => task.name);
    if (!known.includes(name)) throw unknownTask(name, known);
    const documentId = await storeDocument(settings, flags.document);
    const given = documentId === undefined ? input : { ...input, documentId };
    ended = (await Promise.race([trial.run(name, given), stopped])) ?? undefined;
  });
  if (!ended) throw new DswError('failed', `${name} was stopped before it ended`);
  const { reply, memoryMb } = ended;
  if (reply.outcome === 'failed') {
    const hint = HOPE[reply.moreTries];
    throw new DswError('failed', `${name}: ${reply.reason}`, { hint });
  }
  const result = JSON.parse(reply.value) as unknown;
  const seconds = { serviceSeconds: reply.serviceMs / 1000, cpuSeconds: reply.cpuMs / 1000 };
  printJson(flags.json ? { result, ...seconds, memoryMb } : result);
  const took = seconds.serviceSeconds.toFixed(2);
  say(`${name}: done in ${took} s, ${Math.round(memoryMb)} MB`);
}

/** What a worker would make of a failure. */
const HOPE: Record<MoreTries, string> = {
  'as many as allowed': 'A worker would try it again.',
  once: 'A worker would try it once more, in another slot.',
  none: 'A dead letter at once.',
};

function newTrial(settings: Settings): TaskTrial {
  const { jobs, prefix, redisUrl } = settings;
  return new TaskTrial({
    setup: {
      store: storeOf(settings),
      redisUrl,
      prefix,
      taskModules: findTaskModules(settings.tasks),
      settings: taskSettings(settings),
    },
    limits: { softLimitSeconds: jobs.softLimitSeconds, hardLimitSeconds: jobs.hardLimitSeconds },
    onNews: (news) => say(describeNews(news)),
  });
}

function storeOf(settings: Settings): StoreOptions {
  const needsRedis = settings.store === 'redis:';
  return storeOptions(settings, needsRedis ? requireRedisUrl(settings) : '');
}

function describeNews(news: SlotNews): string {
  if ('progress' in news) return news.progress;
  const fields = news.fields === undefined ? '' : ` ${JSON.stringify(news.fields)}`;
  return `${news.level}: ${news.message}${fields}`;
}

async function storeDocument(
  settings: Settings,
  path: string | undefined,
): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const { readSource } = await import('../client/read-source.js');
  const bytes = await readSource(path, path, settings.limits.maxBytes);
  const store = await openDocumentStore(storeOf(settings));
  const id = newId('d');
  try {
    await store.put(documentKeys.source(id), bytes);
  } finally {
    await store.close();
  }
  return id;
}
