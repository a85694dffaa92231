import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isRunning } from '../../src/config/run-file.js';
import { packageRoot } from '../../src/config/package-root.js';
import { Programs } from '../../src/worker/programs.js';

const echo = {
  name: 'echo',
  command: process.execPath,
  args: [join(packageRoot(), 'test', 'fixtures', 'echo-program.mjs')],
};

function startPrograms(): Programs {
  const programs = new Programs();
  onTestFinished(() => programs.stop());
  return programs;
}

describe('a program that tasks use', () => {
  it('is started once and answers each in turn, whole, however long', async () => {
    const programs = startPrograms();
    const long = 'ä long text, '.repeat(20_000);
    const [a, b, c] = await Promise.all(['one', long, 'three'].map((t) => programs.ask(echo, t)));
    expect([a, b, c]).toEqual(['ONE', long.toUpperCase(), 'THREE']);
    const pids = [await programs.ask(echo, 'pid'), await programs.ask(echo, 'pid')];
    expect(pids[0]).toBe(pids[1]);
  });

  it('fails those who wait when it ends, and is started again for the next', async () => {
    const programs = startPrograms();
    const first = await programs.ask(echo, 'pid');
    const asked = await Promise.allSettled([programs.ask(echo, 'crash'), programs.ask(echo, 'b')]);
    expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect((asked[0] as PromiseRejectedResult).reason).toMatchObject({
      message: 'echo: it ended (3): out of rules',
    });
    expect(await programs.ask(echo, 'pid')).not.toBe(first);
  });

  it('ends with the worker, also when it hangs', async () => {
    const programs = new Programs();
    const pid = Number(await programs.ask(echo, 'pid'));
    const hanging = programs.ask(echo, 'sleep');
    const failed = expect(hanging).rejects.toThrow('echo: it ended');
    await programs.stop();
    await failed;
    expect(isRunning(pid)).toBe(false);
    await expect(programs.ask(echo, 'a')).rejects.toThrow('stopping');
  });

  it('that can not be started says so', async () => {
    const programs = startPrograms();
    const none = { name: 'none', command: '/no/such/program', args: [] };
    await expect(programs.ask(none, 'a')).rejects.toThrow(/^none: .*ENOENT/);
  });
});
