import { describe, expect, it } from 'vitest';
import { runDsw } from '../support/dsw-process.js';
import { temporaryFolder } from '../support/folder.js';

const dsw = (...args: string[]) => runDsw(args, { cwd: temporaryFolder() });

const COMMANDS = ['up', 'plan', 'worker', 'beat', 'top', 'queue', 'submit', 'task'];

describe('dsw', () => {
  it.each<[string[]]>([[[]], ...COMMANDS.map((command): [string[]] => [[command]])])(
    '%j --help opens with examples',
    async (command) => {
      const { code, stdout, stderr } = await dsw(...command, '--help');
      expect(code).toBe(0);
      expect(stdout).toMatch(/^Examples:\n {2}(dsw|REDIS_URL)/);
      expect(stderr).toBe('');
      for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    },
  );

  it.each([
    [['wroker'], /unknown command 'wroker'[\s\S]*Did you mean worker\?/],
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
