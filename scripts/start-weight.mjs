// What a command loads before it does anything shows in every start; one careless import adds
// tenths of a second to all of them. So the build fails when a start takes in more than this.

/** Source of an entry, and the bytes that it and all that it imports at once may have. */
const MOST_BYTES = [
  ['src/cli/main.ts', 80_000],
  ['src/cli/plan/run-plan.ts', 170_000],
];

export function refuseHeavyStart({ outputs }) {
  for (const [source, most] of MOST_BYTES) {
    const entry = Object.keys(outputs).find((path) => outputs[path].entryPoint === source);
    const loaded = [...loadedAtOnce(outputs, entry)];
    const bytes = loaded.reduce((sum, path) => sum + outputs[path].bytes, 0);
    if (bytes > most) throw new Error(heavyStart(outputs, source, { loaded, bytes, most }));
  }
}

function loadedAtOnce(outputs, path, seen = new Set()) {
  seen.add(path);
  for (const { path: next, kind, external } of outputs[path].imports) {
    if (kind === 'import-statement' && !external && !seen.has(next))
      loadedAtOnce(outputs, next, seen);
  }
  return seen;
}

function heavyStart(outputs, source, { loaded, bytes, most }) {
  const parts = loaded.flatMap((path) => Object.entries(outputs[path].inputs));
  const largest = parts
    .map(([input, { bytesInOutput }]) => [bytesInOutput, input])
    .sort(([a], [b]) => b - a)
    .slice(0, 10);
  return `${source} loads ${bytes} bytes at once, at most ${most} are wanted. The largest parts:
${largest.map(([size, input]) => `  ${size} ${input}`).join('\n')}
Import what is not always needed where it is used: await import(…).`;
}
