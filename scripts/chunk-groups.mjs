// Without this esbuild makes a chunk of each set of modules that the same entries share, most of
// them of one small module; and a file costs a start about a millisecond, whatever it holds.
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const COMMANDER = 'node_modules/commander/esm.mjs';

/** Modules that are kept in one chunk each: files, and folders with all below them but later ones. */
const GROUPS = {
  /** Of every command and library. */
  base: [
    'src/config/did-you-mean.ts',
    'src/config/environment.ts',
    'src/config/package-root.ts',
    'src/errors.ts',
    'src/lifecycle.ts',
    'src/planning/queue-names.ts',
    'src/planning/readable.ts',
    'src/shown-text.ts',
  ],
  /** Of every command. */
  command: [COMMANDER, 'src/cli/examples.ts', 'src/cli/output.ts', 'src/cli/signals.ts'],
  /** Of a plan, whatever is printed of it. */
  plan: [
    'src/cli/plan/candidates.ts',
    'src/cli/plan/layout.ts',
    'src/cli/plan/plan-flags.ts',
    'src/cli/plan/sections.ts',
  ],
  planner: [
    'src/planning/capacity',
    'src/planning/guide',
    'src/planning/numerics',
    'src/planning/queueing',
    'src/planning/simulation',
  ],
  /** Of the planner what workers and screens need too. */
  sizing: [
    'src/planning/capacity/profile.ts',
    'src/planning/capacity/resources.ts',
    'src/planning/capacity/slots.ts',
    'src/planning/guide/advice.ts',
    'src/planning/guide/formulas.ts',
    'src/planning/guide/memory.ts',
    'src/planning/queueing/arguments.ts',
    'src/planning/queueing/contention.ts',
    'src/planning/utilization.ts',
  ],
};

/** `import … from '…'`, `export … from '…'`; types alone are not in the bundle. */
const STATIC_IMPORT = /^(?:import|export)\s(?!type\s)[^;']*?from '([^']+)';$/gm;

/**
 * A plugin that keeps the modules of a group together: whoever imports one of them from outside
 * imports all, so that the same entries share them all.
 */
export function chunkGroups(root) {
  const groupOf = new Map();
  for (const [group, parts] of Object.entries(GROUPS)) {
    for (const file of parts.flatMap((part) => filesOf(join(root, part)))) groupOf.set(file, group);
  }
  return {
    name: 'chunk-groups',
    setup({ onResolve, onLoad }) {
      onLoad({ filter: /\/src\/.*\.tsx?$/ }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        const imported = [...source.matchAll(STATIC_IMPORT)].map(([, from]) =>
          groupOf.get(fileOf(root, path, from)),
        );
        const others = new Set(imported.filter((group) => group && group !== groupOf.get(path)));
        const wholes = [...others].map((group) => `import 'group:${group}';`);
        const loader = path.endsWith('x') ? 'tsx' : 'ts';
        return { contents: wholes.join('') + source, loader };
      });
      onResolve({ filter: /^group:/ }, ({ path }) => ({ path, namespace: 'group' }));
      onLoad({ filter: /./, namespace: 'group' }, ({ path }) => {
        const files = [...groupOf].filter(([, group]) => path === `group:${group}`);
        const contents = files.map(([file]) => `import ${JSON.stringify(file)};`).join('\n');
        return { contents, resolveDir: root };
      });
    },
  };
}

function fileOf(root, importer, from) {
  if (from === 'commander') return join(root, COMMANDER);
  return join(dirname(importer), from.replace(/\.js$/, '.ts'));
}

function filesOf(path) {
  if (/\.m?[jt]s$/.test(path)) return [path];
  return readdirSync(path, { recursive: true })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(path, file));
}
