import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../src/cli/program.js';
import { runDsw } from '../support/dsw-process.js';
import { temporaryFolder } from '../support/folder.js';

const dsw = (...args: string[]) => runDsw(args, { cwd: temporaryFolder() });

/** A command and all below it, each with its path: "jobs list". */
function withParts(command: Command, path: string): [string, Command][] {
  const parts = command.commands.flatMap((part) => withParts(part, `${path} ${part.name()}`));
  return [[path, command], ...parts];
}

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => 80 });
  command.outputHelp();
  return text;
}

describe('dsw', () => {
  it('opens the help of each command and its parts with examples, in 80 columns', async () => {
    const names = (await buildProgram([])).commands.map((command) => command.name());
    const programs = await Promise.all(names.map((name) => buildProgram([name])));
    const all = programs.flatMap(({ commands }, i) =>
      withParts(
        commands.find((command) => command.name() === names[i])!,
        names[i]!,
      ),
    );
    expect(all.length).toBeGreaterThan(35);
    for (const [path, command] of all) {
      const help = helpOf(command);
      expect(help, path).toMatch(new RegExp(`^Examples:\n( {2}.*\n)*? {2}.*dsw ${path}`));
      for (const line of help.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    }
  });

  it('prints it on standard output', async () => {
    const { code, stdout, stderr } = await dsw('--help');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Examples:\n {2}dsw up --demo/);
  });

  it.each([
    [['wroker'], /unknown command 'wroker'[\s\S]*Did you mean worker\?/],
    [['beat', 'lst'], /^dsw: unknown command 'lst' of beat\n\(Did you mean list\?\)\n$/],
    [['jobs', 'lst'], /^dsw: unknown command 'lst'\n\(Did you mean list\?\)\n$/],
    [
      ['worker', '--concurency', '4'],
      /unknown option '--concurency'[\s\S]*Did you mean --concurrency\?/,
    ],
    [
      ['worker', '--concurrency', 'four'],
      /--concurrency[\s\S]*'four' is invalid[\s\S]*whole number/,
    ],
    [['submit'], /missing required argument 'file'/],
    [
      ['submit', 'a.png', '--queue', 'urgent'],
      /Allowed choices are high_priority, default, low_priority, maintenance/,
    ],
    [['status', '--watch', '0'], /Expected a number of seconds from 0\.1/],
    [['worker', '--name', 'a\nb'], /Expected up to 60 letters/],
    [['submit', 'a.png', '--key', ''], /Expected some text/],
    [['submit', 'a.png', '--dpi', ''], /^dsw: [^\n]*'' is invalid[^\n]*from 50 to 1200/],
    [
      ['plan', '--profile', 'low', '--json', '--csv'],
      /'--csv' cannot be used with option '--json'/,
    ],
    [['worker'], /no Redis address: expected REDIS_URL, --redis or redisUrl in dsw\.yaml/],
  ])('%j is wrong usage: exit 2, one clear message, no stack', async (args, message) => {
    const { code, stdout, stderr } = await dsw(...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
