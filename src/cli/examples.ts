import type { Command } from 'commander';

/** Opens a command's help with examples: what it does is read off them faster than off flags. */
export function withExamples(command: Command, examples: readonly string[]): Command {
  return command.addHelpText(
    'before',
    `Examples:\n${examples.map((line) => `  ${line}\n`).join('')}`,
  );
}
