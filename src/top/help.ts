import { span, type Line } from './line.js';

const KEYS: [keys: string, does: string][] = [
  ['↑ ↓  j k', 'move; page up, page down, home g, end G'],
  ['tab  1–6', 'next pane, pane by number'],
  ['← →  h l', 'in TASKS: running, waiting, delayed, done, dead'],
  ['/', 'show only rows that hold a text; esc shows all again'],
  ['s', 'sort by the next column; the sorted one has a ▾'],
  ['enter', 'all there is to say about a row'],
  ['space', 'mark a row: a command is about all that are marked'],
  ['P', 'in QUEUES: pause, or resume; running jobs finish'],
  ['D', 'in WORKERS: drain: finish what runs, take nothing more, end'],
  ['R  X', 'in DEAD LETTERS: run again; discard'],
  ['q', 'quit'],
];

const SIGNS: [sign: string, means: string][] = [
  ['!', 'beyond its norm: more waits, or for longer, than it may'],
  ['‖', 'paused'],
  ['↑ ↓ =', 'slower, faster, as over the last day (mean and p95 of a task)'],
  ['[██░░]', 'slots: busy and free'],
];

export function drawHelp(width: number): Line[] {
  const rows = (pairs: [string, string][]): Line[] =>
    pairs.map(([left, right]) => [span(`   ${left.padEnd(12)}`, 'accent'), span(right)]);
  const rule = (title: string): Line => [
    span(` ${title} `, 'title'),
    span('─'.repeat(Math.max(0, width - title.length - 2)), 'dim'),
  ];
  return [rule('KEYS'), ...rows(KEYS), rule('SIGNS'), ...rows(SIGNS)];
}
