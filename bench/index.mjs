// npm run bench: all benchmarks; npm run bench -- NAME …: these. Each exports run({ rounds, say }),
// which resolves to rows for the table, and to what it measured, for the JSON.
import { readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { formatRows, writeResults } from './harness.mjs';

const ROUNDS = 5;

const known = readdirSync(new URL('suites/', import.meta.url))
  .filter((file) => file.endsWith('.mjs'))
  .map((file) => file.slice(0, -4));
const options = process.argv.slice(2);
const roundsAt = options.indexOf('--rounds');
const rounds = roundsAt < 0 ? ROUNDS : Number(options.splice(roundsAt, 2)[1]);
const names = options.length > 0 ? options : known;
const unknown = names.find((name) => !known.includes(name));
if (unknown !== undefined || !(rounds >= 1)) {
  console.error(`Usage: npm run bench -- [--rounds N] [NAME …]; there are ${known.join(', ')}`);
  process.exit(2);
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

const say = (line) => console.error(line);
const all = [];
for (const name of names) {
  say(`${name} …`);
  const { run } = await import(`./suites/${name}.mjs`);
  const { rows, measured } = await run({ rounds, say });
  writeResults(name, {
    node: process.version,
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    rows,
    measured,
  });
  all.push(...rows);
}
console.log(formatRows(all));
