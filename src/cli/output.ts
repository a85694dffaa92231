import { isAbsolute, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** Where something lies, as who stands in the working folder would write it. */
export function shownPlace(place: string): string {
  if (!isAbsolute(place)) return place;
  const below = relative(process.cwd(), place);
  return below.startsWith('..') || isAbsolute(below) ? place : below;
}

/** Data: what a pipe or a script wants. */
export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** Whether somebody looks at a terminal and can type on it. */
export function hasScreen(): boolean {
  return process.stdin.isTTY && process.stdout.isTTY;
}

const WIDTH = 80;

/** Breaks a text between words into lines that fit; those after the first hang under its words. */
export function wrapText(text: string, hang: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=\S) /)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length > WIDTH && line !== '') {
      lines.push(line);
      line = ' '.repeat(hang) + word;
    } else line = longer;
  }
  return [...lines, line];
}

/** Talk: progress, notices, errors. */
export function say(text: string): void {
  process.stderr.write(text.endsWith('\n') ? text : `${text}\n`);
}

export interface Column<Row> {
  title: string;
  align?: 'left' | 'right';
  value(row: Row): string;
}

/** Lays rows out under titled columns, each as wide as its widest cell. */
export function formatTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const cells = [
    columns.map((column) => column.title),
    ...rows.map((row) => columns.map((column) => column.value(row))),
  ];
  const widths = columns.map((_, i) =>
    Math.max(...cells.map((line) => visibleWidth(line[i] ?? ''))),
  );
  return cells
    .map((line) =>
      line
        .map((cell, i) => pad(cell, widths[i] ?? 0, columns[i]?.align ?? 'left'))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function visibleWidth(text: string): number {
  return stripVTControlCharacters(text).length;
}

function pad(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - visibleWidth(text)));
  return align === 'right' ? space + text : text + space;
}
