// What `npm start` and `npm test` need before anything else, with nothing but Node installed:
// the dependencies of the lock file, and a build that is newer than the sources.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const BUILD_STAMP = 'dist/.built';
const BUILD_INPUTS = ['src', 'profiles', 'scripts', 'package-lock.json'];

/** Installs the dependencies unless those of this lock file are there. */
export function ensureDependencies() {
  const installed = join(root, 'node_modules/.package-lock.json');
  if (existsSync(installed) && modified('package-lock.json') <= statSync(installed).mtimeMs) return;
  console.error('Installing dependencies from the lock file …');
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
}

/** Builds dist/ unless it is newer than everything it is made of. */
export function ensureBuild() {
  const stamp = join(root, BUILD_STAMP);
  const newest = Math.max(...BUILD_INPUTS.map(newestBelow));
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= newest) return;
  console.error('Building …');
  run(process.execPath, ['scripts/build.mjs']);
  writeFileSync(stamp, '');
}

/** Runs a command in the project's folder; when it fails, so does this process. */
export function run(command, args, env = process.env) {
  const { status, signal, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env });
  if (error) console.error(`${command}: ${error.message}`);
  if (status !== 0) process.exit(status ?? (signal === 'SIGINT' ? 130 : 1));
}

function newestBelow(path) {
  const info = statSync(join(root, path));
  if (!info.isDirectory()) return info.mtimeMs;
  const entries = readdirSync(join(root, path), { recursive: true });
  return Math.max(...entries.map((entry) => modified(join(path, String(entry)))));
}

function modified(path) {
  return statSync(join(root, path)).mtimeMs;
}
