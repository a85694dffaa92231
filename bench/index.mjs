// npm run bench: dsw beside its rivals; npm run bench -- NAME …: these suites. Each exports
// run({ rounds, jobs, say }), which resolves to rows for the table, and to what it measured, for the
// JSON. Sets itself up on a bare machine, as npm start does.
import { readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { ensureBuild, ensureDependencies } from '../scripts/setup.mjs';
import { formatRows, writeResults } from './harness.mjs';

/** Ratios come from at least so many rounds. */
const ROUNDS = 5;
/** Of the backlog that is drained when all suites run; by its name it drains a million. */
const BACKLOG_JOBS = 100_000;
/** Run by name only: what dsw's own scheduler and screen cost, and the language models. */
const ON_REQUEST = ['beat', 'day', 'models', 'refresh'];

const known = readdirSync(new URL('suites/', import.meta.url))
  .filter((file) => file.endsWith('.mjs'))
  .map((file) => file.slice(0, -4));
const { rounds, jobs, names } = readArguments();

ensureDependencies();
ensureBuild();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

const say = (line) => console.error(line);
const all = [];
for (const name of names) {
  say(`${name} …`);
  const startedAt = performance.now();
  const { run } = await import(`./suites/${name}.mjs`);
  const { rows, measured } = await run({ rounds, jobs, say });
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  say(`${name}: ${seconds} s`);
  const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length };
  writeResults(name, { ...machine, seconds, rows, measured });
  all.push(...rows);
}
console.log(formatRows(all));

function readArguments() {
  try {
    const options = { rounds: { type: 'string' }, jobs: { type: 'string' } };
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    const given = positionals.length > 0;
    const read = {
      rounds: Number(values.rounds ?? ROUNDS),
      jobs: Number(values.jobs ?? (given ? 1_000_000 : BACKLOG_JOBS)),
      names: given ? positionals : known.filter((name) => !ON_REQUEST.includes(name)),
    };
    const unknown = read.names.find((name) => !known.includes(name));
    if (unknown !== undefined) throw new Error(`there is no suite "${unknown}"`);
    if (!(read.rounds >= 1)) throw new Error('--rounds: expected a number from 1');
    if (!(read.jobs >= 1000)) throw new Error('--jobs: expected a number from 1000');
    return read;
  } catch (error) {
    console.error(error.message);
    console.error('Usage: npm run bench -- [--rounds N] [--jobs N (backlog)] [NAME …]');
    console.error(
      `There are ${known.join(', ')}; of them only when named: ${ON_REQUEST.join(', ')}`,
    );
    return process.exit(2);
  }
}
