import { Option, type Command } from 'commander';
import { QUEUE_NAMES, type QueueName } from '../../planning/queue-names.js';
import { withExamples } from '../examples.js';
import { addSystemFlags, parseCount, parseDelay, parseList } from '../flags.js';
import type { FilterFlags } from '../job-filter.js';
import { actOn, listJobs, showJob, type JobFlags } from '../job-handlers.js';

const ACTIONS: [kind: 'retry' | 'discard' | 'cancel', does: string, filter: string][] = [
  ['retry', 'run dead letters again, or delayed jobs at once', '--error "no answer"'],
  ['discard', 'remove the records of jobs that do not run', '--state done --older-than 7d'],
  ['cancel', 'make dead letters of jobs, also of running ones', '--task report --yes'],
];

/** What is discarded or cancelled is gone; what is retried or moved can be moved back. */
const ASKS_ALWAYS = 'do not ask before it';
const ASKS_FOR_MANY = 'do not ask before all that match; those named are never asked for';

type ActFlags = JobFlags & FilterFlags;

export function registerJobs(jobs: Command): void {
  withExamples(jobs, [
    'dsw jobs list --state dead --queue default',
    'dsw jobs show j1m80y8yjc2hn0m71s46r',
    'dsw jobs retry j1m80y8yjc2hn0m71s46r',
    'dsw jobs retry --error "no answer" --older-than 1h',
    'dsw jobs move --queue default --task report --to low_priority --yes',
    'dsw jobs discard --state done --older-than 7d --yes',
  ]);
  const list = jobs.command('list').description('jobs by state, queue, task, error and age');
  withExamples(list, ['dsw jobs list --state dead', 'dsw jobs list --older-than 1h --json']);
  addFilter(list).option('--limit <n>', 'at most so many', parseCount, 50).action(listJobs);
  const show = jobs
    .command('show')
    .description('all that is on record of a job')
    .argument('<job>')
    .action(showJob);
  withExamples(show, ['dsw jobs show j1m80y8yjc2hn0m71s46r']);
  const acts = ACTIONS.map(([kind, does, filter]) =>
    addFilter(
      withExamples(
        jobs.command(`${kind} [job...]`).description(`${does}: those named, or all that match`),
        [`dsw jobs ${kind} j1m80y8yjc2hn0m71s46r`, `dsw jobs ${kind} ${filter}`],
      ),
    )
      .option('--yes', kind === 'retry' ? ASKS_FOR_MANY : ASKS_ALWAYS)
      .action((ids: string[], flags: ActFlags) => actOn(ids, { kind }, flags)),
  );
  const move = addFilter(
    jobs
      .command('move [job...]')
      .description('move waiting or delayed jobs, named or matching, to the end of another queue'),
  )
    .addOption(new Option('--to <queue>').choices(QUEUE_NAMES).makeOptionMandatory())
    .option('--yes', ASKS_FOR_MANY)
    .action((ids: string[], flags: ActFlags & { to: QueueName }) =>
      actOn(ids, { kind: 'move', to: flags.to }, flags),
    );
  withExamples(move, ['dsw jobs move --queue default --task report --to low_priority']);
  for (const command of [list, show, ...acts, move]) {
    addSystemFlags(command.option('--json', 'print JSON'));
  }
}

function addFilter(command: Command): Command {
  return command
    .option('--state <names>', 'waiting, running, delayed, done, dead', parseList)
    .option('--queue <names>', 'of these queues only, comma-separated', parseList)
    .option('--task <name>', 'of this task only')
    .option('--error <text>', 'whose last failure says this')
    .option('--older-than <time>', 'enqueued longer ago than this, such as 15m', parseDelay);
}
