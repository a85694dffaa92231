import type { Command } from 'commander';
import { readEnvironment } from '../../config/environment.js';
import { loadSettings, requireRedisUrl } from '../../config/load-settings.js';
import { packageVersion } from '../../config/package-root.js';
import { withExamples } from '../examples.js';
import {
  addConcurrencyFlag,
  addStoreFlag,
  addSystemFlags,
  parseCount,
  parseList,
  parseSeconds,
  type SystemFlags,
} from '../flags.js';
import { runUntilStopped } from '../signals.js';

export function registerWorker(program: Command): void {
  const command = program
    .command('worker')
    .description('run jobs of the queues, most urgent first, in a fixed number of slots')
    .option('--max-tasks-per-slot <n>', 'replace a slot after so many jobs; 0: never', parseCount)
    .option('--slot-memory-mb <mb>', 'bound on what a slot may hold', parseCount)
    .option('--drain-seconds <s>', 'time for running jobs when the worker stops', parseSeconds)
    .option('--queue-order <order>', 'strict or weighted')
    .option('--allow-overcommit', 'start even when the slots do not all fit in memory')
    .option(
      '--queues <names>',
      'serve these queues only, comma-separated, most urgent first',
      parseList,
    )
    .action(runWorker);
  addConcurrencyFlag(addStoreFlag(addSystemFlags(command)));
  withExamples(command, [
    'dsw worker --concurrency 4',
    'REDIS_URL=redis://10.0.0.4:6379 dsw worker --concurrency auto',
    'dsw worker --queues high_priority,default',
  ]);
}

async function runWorker(flags: SystemFlags): Promise<void> {
  const settings = loadSettings(flags);
  const { workerOptions } = await import('../../app/worker-options.js');
  const { WorkerService } = await import('../../worker/worker-service.js');
  const { createLogger } = await import('../../log.js');
  const options = workerOptions(settings, requireRedisUrl(settings), packageVersion());
  const log = createLogger({
    service: 'worker',
    human: process.stderr.isTTY || readEnvironment().debug,
  });
  await runUntilStopped(new WorkerService(options, log));
}
