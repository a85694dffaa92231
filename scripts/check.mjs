// npm run check: types and lint, format and dead code side by side, each one's output in one piece.
import { spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { root } from './setup.mjs';

const checks = ['lint:types', 'format:check', 'deadcode'];

/** Runs an npm script; gives whether it passed, once what it printed has been shown. */
function runScript(name) {
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', name], { cwd: root });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.on('close', (code) => {
      process.stderr.write(Buffer.concat(output));
      if (code !== 0) console.error(`npm run ${name} failed.`);
      resolve(code === 0);
    });
  });
}

setPriority(10);
const passed = await Promise.all(checks.map(runScript));
process.exitCode = passed.every(Boolean) ? 0 : 1;
