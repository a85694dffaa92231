import type { Command } from 'commander';
import { withExamples } from '../examples.js';
import {
  addConcurrencyFlag,
  addMetricsFlag,
  addStoreFlag,
  addSystemFlags,
  parseCount,
  parseList,
  parseName,
  parseReplicas,
  parseSeconds,
  parseSlots,
} from '../flags.js';
import { runWorker, tellWorkers, type WorkerFlags } from '../worker-handlers.js';

export function registerWorker(worker: Command): void {
  worker
    .option('--replicas <n>', 'so many workers, each a process, kept alive', parseReplicas)
    .option('--queues <names>', 'serve only these, comma-separated, most urgent first', parseList)
    .option('--queue-order <order>', 'strict; or weighted 8:4:2:1, so that none starves')
    .option('--max-tasks-per-slot <n>', 'replace a slot after so many jobs; 0: never', parseCount)
    .option('--slot-memory-mb <mb>', 'bound on what a slot may hold', parseCount)
    .option('--drain-seconds <s>', 'time for running jobs when the worker stops', parseSeconds)
    .option('--allow-overcommit', 'start even when the slots do not all fit in memory')
    .option('--name <name>', 'what it is called; a random part follows', parseName)
    .action((flags: WorkerFlags) => runWorker(flags));
  addMetricsFlag(addConcurrencyFlag(addStoreFlag(addSystemFlags(worker))));
  withExamples(worker, [
    'dsw worker --concurrency 4',
    'dsw worker --replicas 3 --concurrency 4',
    'dsw worker --queues high_priority,default',
    'dsw worker resize 6              # while it runs',
  ]);
  const resize = worker
    .command('resize')
    .description('change the slots of running workers: of those named, or of all')
    .argument('<slots>', 'slots of each worker', parseSlots)
    .argument('[worker...]')
    .action((slots: number, names: string[], _own, command: Command) =>
      tellWorkers({ kind: 'resize', slots }, names, command.optsWithGlobals()),
    );
  withExamples(resize, ['dsw worker resize 6', 'dsw worker resize 2 worker-1-3c0d51aa']);
  const scale = worker
    .command('scale')
    .description('change the replicas of a running "dsw worker --replicas"')
    .argument('<replicas>', 'how many', parseReplicas)
    .argument('[supervisor]')
    .action((replicas: number, name: string | undefined, _own, command: Command) =>
      tellWorkers(
        { kind: 'scale', replicas },
        name === undefined ? [] : [name],
        command.optsWithGlobals(),
      ),
    );
  withExamples(scale, ['dsw worker scale 5']);
  const drain = worker
    .command('drain')
    .description('have workers finish what runs, take nothing more, and end')
    .argument('<worker...>')
    .action((names: string[], _own, command: Command) =>
      tellWorkers({ kind: 'drain' }, names, command.optsWithGlobals()),
    );
  withExamples(drain, ['dsw worker drain worker-1-3c0d51aa']);
}
