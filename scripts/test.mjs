// npm test: sets itself up on a bare machine, checks the code, runs the tests. With arguments
// (npm test -- test/worker) only the tests that they name, without the checks.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ensureBuild, ensureDependencies, root } from './setup.mjs';
import { ensureTestPrograms } from './test-programs.mjs';

ensureDependencies();
ensureBuild();
const { ensureRedisProgram } = await import(`${root}dist/redis-program.js`);
try {
  ensureRedisProgram(console.error);
} catch (error) {
  console.error(`${error.message}\n  ${error.hint}`);
  process.exit(1);
}
ensureTestPrograms(console.error);
const only = process.argv.slice(2);
// Tests often wait for something: the checks, at low priority, take what they leave of the processors.
const all = [start('node_modules/vitest/vitest.mjs', 'run', ...only)];
if (only.length === 0) all.push(start('scripts/check.mjs'));
const passed = await Promise.all(all);
process.exitCode = passed.every(Boolean) ? 0 : 1;

/** Starts a script of this project's; gives whether it ended well. */
function start(...script) {
  const child = spawn(process.execPath, script, { cwd: root, stdio: 'inherit' });
  return once(child, 'close').then(([code]) => code === 0);
}
