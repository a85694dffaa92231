// npm test: sets itself up on a bare machine, checks the code, runs the tests. With arguments
// (npm test -- test/worker) only the tests that they name, without the checks.
import { ensureBuild, ensureDependencies, root, run } from './setup.mjs';
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
if (only.length === 0) run('npm', ['run', '--silent', 'check']);
run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...only]);
