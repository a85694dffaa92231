import type { Command } from 'commander';
import { print } from '../output.js';
import { withExamples } from '../examples.js';

export function registerPlan(program: Command): void {
  const command = program
    .command('plan')
    .description(
      'answer how much capacity a load needs, what it costs and what documents will wait',
    )
    .requiredOption(
      '--profile <name|path>',
      'traffic profile: low, medium, high, burst or a YAML file',
    )
    .action(() => print('plan'));
  withExamples(command, ['dsw plan --profile medium']);
}
