// How everything that ships is bundled, and the benchmarks of its parts alike.
import { readFile } from 'node:fs/promises';

/** What of dependencies must not ship as it is: file, what stands there, what stands there instead. */
const AMENDMENTS = [
  // Would load Node's whole fetch to read WebAssembly that it holds as text.
  [/yoga-wasm-base64-esm\.js$/, 'typeof fetch', 'typeof undefined'],
  // For subcommands that are programs of their own; dsw has none.
  [/commander\/lib\/command\.js$/, "require('node:child_process')", 'undefined'],
];

const amended = {
  name: 'amended',
  setup(build) {
    for (const [filter, found, instead] of AMENDMENTS) {
      build.onLoad({ filter }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        if (!source.includes(found)) throw new Error(`${path} has changed: look at AMENDMENTS`);
        return { contents: source.replaceAll(found, instead) };
      });
    }
  },
};

export const bundleOptions = {
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // ES modules where a package has them: what is unused stays out (OpenTelemetry: 98 of 512 kB).
  mainFields: ['module', 'main'],
  legalComments: 'linked',
  // Piscina finds its thread file beside itself; jiti, the OCR core and PDFium theirs likewise.
  // react-devtools-core is Ink's for debugging only, and not installed.
  external: ['jiti', 'piscina', 'tesseract.js-core', '@embedpdf/pdfium', 'react-devtools-core'],
  plugins: [amended],
  // Ink's choice takes 60 ms to load; this one counts the same cells.
  alias: { 'string-width': 'fast-string-width' },
  define: {
    'process.env.NODE_ENV': '"production"',
    'process.env.DEV': '"false"',
    // The S3 client would tell Node 20's users, on every run, of its own plans for 2027.
    'process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED': '"true"',
  },
  // CommonJS dependencies call require for Node's own modules.
  banner: {
    js: "import{createRequire as dswCreateRequire}from'node:module';const require=dswCreateRequire(import.meta.url);",
  },
  logLevel: 'warning',
};
