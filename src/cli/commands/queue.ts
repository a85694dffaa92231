import { Argument, type Command } from 'commander';
import { QUEUE_NAMES, type QueueName } from '../../planning/queue-names.js';
import { withExamples } from '../examples.js';
import { addSystemFlags } from '../flags.js';
import { listQueues, setPaused, type QueueFlags } from '../queue-handlers.js';

const ACTIONS: [verb: 'pause' | 'resume', does: string][] = [
  ['pause', 'have workers take no more from queues; what runs is finished, what comes waits'],
  ['resume', 'have workers take jobs from paused queues again'],
];

export function registerQueue(queue: Command): void {
  withExamples(queue, [
    'dsw queue list',
    'dsw queue pause low_priority maintenance',
    'dsw queue resume low_priority',
  ]);
  const list = queue
    .command('list')
    .description('each queue: open or paused, its jobs by state, and the workers that serve it')
    .action(listQueues);
  withExamples(list, ['dsw queue list', 'dsw queue list --json | jq .queues[].waiting']);
  const acts = ACTIONS.map(([verb, does]) =>
    withExamples(
      queue
        .command(verb)
        .description(does)
        .addArgument(new Argument('<queue...>', 'their names').choices(QUEUE_NAMES))
        .action((names: QueueName[], flags: QueueFlags) => setPaused(verb, names, flags)),
      [`dsw queue ${verb} default`, `dsw queue ${verb} ${QUEUE_NAMES.join(' ')}`],
    ),
  );
  for (const command of [list, ...acts]) addSystemFlags(command.option('--json', 'print JSON'));
}
