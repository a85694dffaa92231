import { Option, type Command } from 'commander';
import { QUEUE_NAMES, type QueueName } from '../../planning/queue-names.js';
import { withExamples } from '../examples.js';
import { addSystemFlags, parseCount, parseList, parseSeconds } from '../flags.js';
import { actOn, listJobs, showJob, type JobFlags } from '../job-handlers.js';

const ACTIONS: [
  kind: 'retry' | 'discard' | 'cancel',
  does: string,
  question: string | undefined,
][] = [
  ['retry', 'run dead letters again, or delayed jobs at once', undefined],
  ['discard', 'remove the records of jobs that do not run', 'Remove the records'],
  ['cancel', 'make dead letters of jobs, also of running ones', 'Cancel'],
];

export function registerJobs(jobs: Command): void {
  withExamples(jobs, [
    'dsw jobs list --state dead --queue default',
    'dsw jobs show j1m80y8yjc2hn0m71s46r',
    'dsw jobs retry j1m80y8yjc2hn0m71s46r',
    'dsw jobs list --state dead --json | jq -r .[].id | xargs dsw jobs discard --yes',
  ]);
  const list = jobs.command('list').description('jobs by state, queue, task, error and age');
  list
    .option('--state <names>', 'waiting, running, delayed, done, dead', parseList)
    .option('--queue <names>', 'of these queues only, comma-separated', parseList)
    .option('--task <name>', 'of this task only')
    .option('--error <text>', 'whose last failure says this')
    .option('--older-than <seconds>', 'enqueued longer ago than this', parseSeconds)
    .option('--limit <n>', 'at most so many', parseCount, 50)
    .action(listJobs);
  const show = jobs
    .command('show')
    .description('all that is on record of a job')
    .argument('<job>')
    .action(showJob);
  const acts = ACTIONS.map(([kind, does, question]) =>
    jobs
      .command(`${kind} <job...>`)
      .description(does)
      .option('--yes', 'do not ask')
      .action((ids: string[], flags: JobFlags) => actOn(ids, { kind }, question, flags)),
  );
  const move = jobs
    .command('move <job...>')
    .description('move waiting or delayed jobs to the end of another queue')
    .addOption(new Option('--to <queue>').choices(QUEUE_NAMES).makeOptionMandatory())
    .action((ids: string[], flags: JobFlags & { to: QueueName }) =>
      actOn(ids, { kind: 'move', to: flags.to }, undefined, flags),
    );
  for (const command of [list, show, ...acts, move]) {
    addSystemFlags(command.option('--json', 'print JSON'));
  }
}
