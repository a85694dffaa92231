import { spawnSync } from 'node:child_process';
import { packageRoot } from '../../src/config/package-root.js';

/** Slots and dsw processes run from dist/: it must be what src/ says. */
export default function buildFirst(): void {
  const { status } = spawnSync(
    process.execPath,
    ['-e', "import('./scripts/setup.mjs').then((setup) => setup.ensureBuild())"],
    { cwd: packageRoot(), stdio: 'inherit' },
  );
  if (status !== 0) throw new Error('the build failed');
}
