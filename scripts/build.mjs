// Bundles src/ into dist/: one file per entry, shared chunks beside them, so that a command loads
// only what it uses. Types of the library entries come from tsc (npm run build).
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

await rm(`${root}dist`, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: {
    'cli/main': 'src/cli/main.ts',
    planning: 'src/planning/index.ts',
    'redis-program': 'src/app/install-redis.ts',
    'worker/slot-thread': 'src/worker/slot-thread.ts',
  },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  // Piscina finds its thread file beside itself; tesseract.js loads WebAssembly the same way.
  // react-devtools-core is Ink's for debugging only, and not installed.
  external: ['piscina', 'tesseract.js', 'tesseract.js-core', 'react-devtools-core'],
  define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
  // CommonJS dependencies call require for Node's own modules.
  banner: {
    js: "import{createRequire as dswCreateRequire}from'node:module';const require=dswCreateRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
