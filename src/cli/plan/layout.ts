import { formatPercent, formatSeconds } from '../../planning/readable.js';

/** Columns of a screen that everything fits into. */
const SCREEN_COLUMNS = 80;

/** Lines of words, the first behind a label, the others as far in. */
export function paragraph(label: string, text: string, indent = label.length): string {
  const room = SCREEN_COLUMNS - indent;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length > room && line !== '') {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  lines.push(line);
  return lines
    .map((words, i) => (i === 0 ? label.padEnd(indent) : ' '.repeat(indent)) + words)
    .join('\n');
}

/** A titled block, or nothing when it has no lines. */
export function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [title.toUpperCase(), ...lines].join('\n');
}

/** Blocks with a line between them; empty ones are left out. */
export function stack(blocks: readonly string[]): string {
  return blocks.filter((block) => block !== '').join('\n\n');
}

export function seconds(value: number | undefined): string {
  return value === undefined ? 'grows' : formatSeconds(value);
}

export function percent(share: number | undefined): string {
  if (share === undefined) return '–';
  return share > 0 && share < 0.005 ? '<1 %' : formatPercent(share);
}

/** At most so many digits behind the point, without trailing zeros. */
export function figure(value: number, digits = 1): string {
  return String(Number(value.toFixed(digits)));
}

/** MB as GB. */
export function gigabytes(megabytes: number): string {
  return figure(megabytes / 1000);
}

/** `a–b`, or `a` when both read alike. */
export function range(low: string, high: string): string {
  return low === high ? low : `${low}–${high}`;
}

export function money({ low, high }: { low: number; high: number }): string {
  const read = (amount: number): string => figure(amount, amount < 100 ? 2 : 0);
  return range(read(low), read(high));
}

/** `6 × 4`: replicas and slots of each. */
export function deployment(of: { replicas: number; concurrency: number }): string {
  return `${of.replicas} × ${of.concurrency}`;
}
