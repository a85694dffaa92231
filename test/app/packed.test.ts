import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../src/config/package-root.js';
import { temporaryFolder } from '../support/folder.js';

const root = packageRoot();

/** The example project with the packed dsw installed, and nothing beside what dsw depends on. */
function installedExample(): string {
  const project = temporaryFolder();
  cpSync(join(root, 'examples', 'own-tasks'), project, { recursive: true });
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', project];
  const tarball = execFileSync('npm', pack, { cwd: root, encoding: 'utf8' }).trim();
  const home = join(project, 'node_modules', 'dsw');
  mkdirSync(home, { recursive: true });
  execFileSync('tar', ['-xzf', join(project, tarball), '--strip-components=1', '-C', home]);
  const { dependencies } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  for (const name of Object.keys(dependencies)) {
    const place = join(project, 'node_modules', name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), place);
  }
  return project;
}

it('the packed dsw runs the example’s own task, and plans', () => {
  const cwd = installedExample();
  const dsw = (...args: string[]): string =>
    execFileSync(process.execPath, ['node_modules/dsw/bin/dsw.js', ...args], {
      cwd,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  const run = ['task', 'run', 'word_count', '--document', 'letter.txt', '--input', '{"top":2}'];
  const result = JSON.parse(dsw(...run)) as { textKey: string };
  expect(result).toMatchObject({ words: 6, different: 3 });
  const text = readFileSync(join(cwd, '.dsw', 'documents', result.textKey), 'utf8');
  expect(text).toBe('3 three\n2 two\n');
  expect(dsw('plan', '--profile', 'medium')).toMatch(/^4 replicas × 4 slots/);
}, 60_000);
