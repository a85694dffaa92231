// What a command loads before it does anything shows in every start; one careless import adds
// tenths of a second to all of them. So the build fails when a start takes in more than this.

/** Sources that a start loads one after the other, and the bytes and files that they may be. */
const STARTS = [
  { sources: ['src/cli/main.ts'], bytes: 80_000, files: 4 },
  {
    sources: ['src/cli/main.ts', 'src/cli/commands/plan.ts', 'src/cli/plan/run-plan.ts'],
    bytes: 232_000,
    files: 10,
  },
];

export function refuseHeavyStart({ outputs }) {
  for (const { sources, ...most } of STARTS) {
    const loaded = new Set();
    for (const source of sources) loadAtOnce(outputs, entryOf(outputs, source), loaded);
    const bytes = [...loaded].reduce((sum, path) => sum + outputs[path].bytes, 0);
    if (bytes > most.bytes || loaded.size > most.files)
      throw new Error(heavyStart(outputs, sources.at(-1), { loaded: [...loaded], bytes, most }));
  }
}

function entryOf(outputs, source) {
  return Object.keys(outputs).find((path) => outputs[path].entryPoint === source);
}

function loadAtOnce(outputs, path, loaded) {
  loaded.add(path);
  for (const { path: next, kind, external } of outputs[path].imports) {
    if (kind === 'import-statement' && !external && !loaded.has(next))
      loadAtOnce(outputs, next, loaded);
  }
}

function heavyStart(outputs, source, { loaded, bytes, most }) {
  const parts = loaded.flatMap((path) => Object.entries(outputs[path].inputs));
  const largest = parts
    .map(([input, { bytesInOutput }]) => [bytesInOutput, input])
    .sort(([a], [b]) => b - a)
    .slice(0, 10);
  return `${source} loads ${bytes} bytes in ${loaded.length} files at once; at most ${most.bytes} in
${most.files} are wanted. The largest parts:
${largest.map(([size, input]) => `  ${size} ${input}`).join('\n')}
Import what is not always needed where it is used: await import(…); keep small modules that many
share in one file (chunk-groups.mjs).`;
}
