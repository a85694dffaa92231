import type { Command } from 'commander';
import { withExamples } from '../examples.js';
import { addStoreFlag, addSystemFlags } from '../flags.js';
import type { RunFlags, TaskFlags } from '../task-handlers.js';

export function registerTask(task: Command): void {
  withExamples(task, ['dsw task list', `dsw task run word_count --input '{"text":"one two"}'`]);
  const list = task
    .command('list')
    .description("the tasks that jobs may name: dsw's own and those of dsw.yaml")
    .action(async (flags: TaskFlags) => {
      const { listTasks } = await import('../task-handlers.js');
      await listTasks(flags);
    });
  const run = task
    .command('run')
    .description('run a task once in a slot of its own: no Redis, no retry, no record')
    .argument('<name>')
    .option('--input <json>', 'its input as JSON, or @file', '{}')
    .option('--document <file>', 'store a file first; its id goes into the input as documentId')
    .action(async (name: string, flags: RunFlags) => {
      const { runTask } = await import('../task-handlers.js');
      await runTask(name, flags);
    });
  withExamples(list, ['dsw task list', 'dsw task list --json']);
  withExamples(run, [
    `dsw task run word_count --input '{"text":"one two"}'`,
    'dsw task run word_count --input @input.json --json',
    'dsw task run ocr --document letter.png',
  ]);
  for (const command of [list, run])
    addStoreFlag(addSystemFlags(command.option('--json', 'print JSON')));
}
