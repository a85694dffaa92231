import { pinNestedParallelism, readEnvironment } from '../config/environment.js';
import { loadSettings, requireRedisUrl, type SettingFlags } from '../config/load-settings.js';
import { packageVersion } from '../config/package-root.js';
import { DswError } from '../errors.js';
import type { WorkerCommand } from '../queues/worker-commands.js';
import { print } from './output.js';
import { runUntilStopped } from './signals.js';

export interface WorkerFlags extends SettingFlags {
  replicas?: number;
  name?: string;
}

/** `dsw worker`: one worker in this process, or several in processes of their own. */
export async function runWorker(flags: WorkerFlags): Promise<void> {
  const settings = loadSettings(flags);
  const redisUrl = requireRedisUrl(settings);
  const { createLogger } = await import('../log.js');
  const log = createLogger({
    service: 'worker',
    human: process.stderr.isTTY || readEnvironment().debug,
  });
  if (flags.replicas !== undefined) {
    const { Supervisor } = await import('../worker/supervisor.js');
    const { replicas, ...own } = flags;
    const environment = { REDIS_URL: redisUrl };
    const options = {
      redisUrl,
      prefix: settings.prefix,
      replicas,
      flags: flagsOf(own),
      environment,
    };
    const supervisor = new Supervisor(options, log);
    onResizeSignals(
      () => supervisor.replicas,
      (count) => void supervisor.scale(count),
    );
    await runUntilStopped(supervisor);
    return;
  }
  pinNestedParallelism();
  const { workerOptions } = await import('../app/worker-options.js');
  const { WorkerService } = await import('../worker/worker-service.js');
  const options = workerOptions(settings, redisUrl, packageVersion(), flags.name);
  const worker = new WorkerService(options, log);
  onResizeSignals(
    () => worker.slots,
    (count) => worker.resize(count),
  );
  await runUntilStopped(worker, (stopped) => Promise.race([stopped, worker.toldToDrain]));
}

/** `dsw worker resize` and `dsw worker scale`. */
export async function tellWorkers(
  command: WorkerCommand,
  names: string[],
  flags: SettingFlags,
): Promise<void> {
  const settings = loadSettings(flags);
  const { WorkerDesk } = await import('../client/worker-desk.js');
  const desk = await WorkerDesk.open(requireRedisUrl(settings), settings.prefix);
  try {
    const told = await desk.tell(command, names);
    if (told.length === 0) throw new DswError('failed', 'nobody to tell: no such worker runs');
    print(told.map((name) => `${name}  told`).join('\n'));
  } finally {
    await desk.close();
  }
}

/** As other servers do: SIGTTIN adds one, SIGTTOU takes one away. */
function onResizeSignals(current: () => number, resize: (count: number) => void): void {
  process.on('SIGTTIN', () => resize(current() + 1));
  process.on('SIGTTOU', () => resize(Math.max(1, current() - 1)));
}

/** The flags again as they stand on a command line. */
function flagsOf(flags: SettingFlags): string[] {
  return Object.entries(flags).flatMap(([name, value]) => {
    const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (value === true) return [flag];
    return [flag, Array.isArray(value) ? value.join(',') : String(value)];
  });
}
