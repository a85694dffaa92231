// What every benchmark shares: rounds in which all sides run one after the other, in turned order,
// so that a busy moment of the machine hits them alike; ratios within each round; one table; JSON.
import { mkdirSync, writeFileSync } from 'node:fs';

/**
 * Measures sides beside each other.
 * @param sides name → function that measures once and resolves to { metric: number }.
 * @param say told of each measurement.
 * @param once sides that are there for information: measured in the first round alone.
 * @returns for each side its measurements, one a round.
 */
export async function measureRounds(sides, rounds, say, once = []) {
  const names = Object.keys(sides);
  const measured = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? names : [...names].reverse();
    for (const name of order) {
      if (round > 0 && once.includes(name)) continue;
      const figures = await sides[name]();
      measured[name].push(figures);
      const text = Object.entries(figures).map(([metric, value]) => `${metric} ${short(value)}`);
      say(`  ${round + 1}/${rounds} ${name}: ${text.join(', ')}`);
    }
  }
  return measured;
}

/**
 * One row of the table: the ratio of dsw's figure to a rival's, taken in each round; median and
 * spread. Without such a rival: a row that says why.
 * @param target what the ratio has to reach: { atLeast } or { atMost }; absent: for information.
 */
export function ratioRow({ what, unit, ours = 'dsw', rival, metric, measured, target }) {
  if (!measured[rival]) return { what, rival, absent: 'not installed' };
  const figures = (side) => measured[side].map((round) => round[metric]);
  const ratios = figures(rival).map((value, round) => figures(ours)[round] / value);
  return {
    what,
    rival,
    unit,
    ours: median(figures(ours)),
    theirs: median(figures(rival)),
    ratio: median(ratios),
    low: Math.min(...ratios),
    high: Math.max(...ratios),
    rounds: ratios.length,
    ...(target && { target, reached: reaches(median(ratios), target) }),
  };
}

/** One row that is held against a number instead of a rival. */
export function figureRow({ what, unit, values, target }) {
  const ours = median(values);
  return {
    what,
    unit,
    ours,
    low: Math.min(...values),
    high: Math.max(...values),
    rounds: values.length,
    ...(target && { target, reached: reaches(ours, target) }),
  };
}

function reaches(value, { atLeast = -Infinity, atMost = Infinity }) {
  return value >= atLeast && value <= atMost;
}

function median(values) {
  return (
    (percentile(values, 0.5) +
      percentile(
        [...values].map((v) => -v),
        0.5,
      ) *
        -1) /
    2
  );
}

/** The value that a share p of all does not exceed (nearest rank). */
export function percentile(values, p) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)];
}

const COLUMNS = ['', 'beside', 'dsw', 'it', 'ratio', 'spread', 'wanted', ''];

/** All rows as one table. */
export function formatRows(rows) {
  const table = [COLUMNS, ...rows.map(cellsOf)];
  const widths = COLUMNS.map((_, i) => Math.max(...table.map((cells) => cells[i].length)));
  return table
    .map((cells) =>
      cells
        .map((cell, i) => cell.padEnd(widths[i]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cellsOf(row) {
  const { what, rival = '', unit = '', ours, theirs, ratio, low, high, target, reached } = row;
  if (row.absent) return [what, rival, row.absent, '', '', '', '', ''];
  const wanted = target && (target.atLeast ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`);
  return [
    what,
    rival,
    `${short(ours)} ${unit}`,
    short(theirs),
    short(ratio),
    `${short(low)}–${short(high)}`,
    wanted ?? '',
    target ? (reached ? 'ok' : 'missed') : '',
  ];
}

function short(value) {
  if (value === undefined) return '';
  return Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

/** Writes a benchmark's rows and raw measurements to bench/results/NAME.json. */
export function writeResults(name, results) {
  const folder = new URL('results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(results, null, 2)}\n`);
}
