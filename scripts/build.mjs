// Bundles src/ into dist/: one file per entry, shared chunks beside them, so that a command loads
// only what it uses. Types of the library entries come from tsc (npm run build).
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundleOptions } from './bundle-options.mjs';
import { chunkGroups } from './chunk-groups.mjs';
import { preparedProfiles } from './prepare-profiles.mjs';
import { refuseHeavyStart } from './start-weight.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

await rm(`${root}dist`, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: {
    'cli/main': 'src/cli/main.ts',
    planning: 'src/planning/index.ts',
    client: 'src/client/index.ts',
    tasks: 'src/tasks/index.ts',
    'redis-program': 'src/app/install-redis.ts',
    'worker/slot-thread': 'src/worker/slot-thread.ts',
  },
  outdir: 'dist',
  minifySyntax: true,
  minifyWhitespace: true,
  metafile: true,
  ...bundleOptions,
  plugins: [...bundleOptions.plugins, await preparedProfiles(root), chunkGroups(root)],
});
refuseHeavyStart(metafile);
