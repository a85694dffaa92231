import { pinNestedParallelism, readEnvironment } from '../config/environment.js';
import type { WorkerDesk } from '../client/worker-desk.js';
import type { SettingFlags } from '../config/load-settings.js';
import { packageVersion } from '../config/package-root.js';
import { DswError } from '../errors.js';
import type { ObserveOptions } from '../app/observed.js';
import type { Logger } from '../log.js';
import type { ListenAddress } from '../monitor/http-server.js';
import type { SupervisorOptions } from '../worker/supervisor.js';
import type { WorkerOptions } from '../worker/worker-options.js';
import type { WorkerCommand } from '../queues/worker-commands.js';
import { atDesk } from './at-desk.js';
import { print } from './output.js';
import { runUntilStopped } from './signals.js';

export interface WorkerFlags extends SettingFlags {
  replicas?: number;
  name?: string;
  metricsPort?: ListenAddress;
}

/** `dsw worker`: one worker in this process, or several in processes of their own. */
export async function runWorker(flags: WorkerFlags): Promise<void> {
  const { loadSettings, requireRedisUrl } = await import('../config/load-settings.js');
  const settings = loadSettings(flags);
  const redisUrl = requireRedisUrl(settings);
  const { createLogger } = await import('../log.js');
  const log = createLogger({
    service: 'worker',
    human: process.stderr.isTTY || readEnvironment().debug,
  });
  // The address may hold a password: replicas are given it where no process list shows it.
  const { replicas, metricsPort, redis: _, ...own } = flags;
  const observe: ObserveOptions | undefined = metricsPort && {
    at: metricsPort,
    redisUrl,
    prefix: settings.prefix,
    log,
  };
  if (replicas === undefined) {
    const { workerOptions } = await import('../app/worker-options.js');
    const options = workerOptions(settings, redisUrl, packageVersion(), flags.name);
    const { withTracing } = await import('../app/tracing/open-tracing.js');
    await withTracing(settings, 'worker', log, (telemetry) =>
      runOne({ ...options, telemetry }, log, observe),
    );
  } else {
    const environment = { REDIS_URL: redisUrl };
    const { prefix } = settings;
    await runReplicas(
      { redisUrl, prefix, replicas, flags: flagsOf(own), environment },
      log,
      observe,
    );
  }
}

async function runOne(
  options: WorkerOptions,
  log: Logger,
  observe: ObserveOptions | undefined,
): Promise<void> {
  pinNestedParallelism();
  const { WorkerService } = await import('../worker/worker-service.js');
  const { answerSupervisor } = await import('../worker/replica-readings.js');
  const worker = new WorkerService(options, log);
  answerSupervisor(worker);
  onResizeSignals(
    () => worker.slots,
    (count) => worker.resize(count),
  );
  const service = observe
    ? (await import('../app/observed.js')).observeWorker(worker, observe)
    : worker;
  drainOnHangUp();
  await runUntilStopped(service, (stopped) => Promise.race([stopped, worker.toldToDrain]));
}

/** Has the end of its terminal count as a first stop signal, never as a second. */
function drainOnHangUp(): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => (stopping = true));
  process.on('SIGHUP', () => {
    // Nobody is left to read.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
    if (!stopping) process.emit('SIGTERM', 'SIGTERM');
  });
}

async function runReplicas(
  options: SupervisorOptions,
  log: Logger,
  observe: ObserveOptions | undefined,
): Promise<void> {
  const { Supervisor } = await import('../worker/supervisor.js');
  const supervisor = new Supervisor(options, log);
  onResizeSignals(
    () => supervisor.replicas,
    (count) => void supervisor.scale(count),
  );
  const service = observe
    ? (await import('../app/observed.js')).observeSupervisor(supervisor, observe)
    : supervisor;
  await runUntilStopped(service);
}

/** `dsw worker resize` and `dsw worker scale`. */
export async function tellWorkers(
  command: WorkerCommand,
  names: string[],
  flags: SettingFlags,
): Promise<void> {
  await atDesk(flags, openDesk, async (desk) => {
    const told = await desk.tell(command, names);
    if (told.length === 0) throw nobodyToTell(command);
    print(told.map((name) => `${name}  told`).join('\n'));
  });
}

async function openDesk(redisUrl: string, prefix: string): Promise<WorkerDesk> {
  const { WorkerDesk } = await import('../client/worker-desk.js');
  return await WorkerDesk.open(redisUrl, prefix);
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

function nobodyToTell({ kind }: WorkerCommand): DswError {
  const who = kind === 'scale' ? '"dsw worker --replicas"' : 'worker';
  return new DswError('failed', `nobody to tell: no such ${who} runs`, {
    hint: 'dsw status shows those that run.',
  });
}
