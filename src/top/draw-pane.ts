import stringWidth from 'fast-string-width';
import { span, textOf, type Line } from './line.js';
import { drawRow, drawTitles, PANE_NAMES, type PaneName, type PaneRow } from './pane.js';
import { PANES } from './panes/all.js';
import type { Picture } from '../monitor/picture.js';
import { cursorIndex, type TopState } from './state.js';

/** A pane with what there is to draw of it. */
export interface PaneContent {
  name: PaneName;
  rows: PaneRow[];
  /** Lines above the table. */
  preface: Line[];
}

/** Rows that the pane would fill, with its column titles, were there no limit. */
export function wantedRows({ name, rows, preface }: PaneContent, focus: PaneName): number {
  if (rows.length > 0) return preface.length + 1 + rows.length;
  // What to type when nothing is there.
  return name === focus || name === 'workers' || name === 'tasks' ? preface.length + 1 : 0;
}

/** Its title line and at most `height` lines under it. */
export function drawPane(
  state: TopState,
  picture: Picture,
  { name, rows, preface }: PaneContent,
  { width, height }: { width: number; height: number },
): Line[] {
  const titled = (range = ''): Line =>
    titleLine(state, picture, name, { width, isOpen: height > 0, range });
  if (height === 0) return [titled()];
  const reserved = 1 + Math.min(2, rows.length);
  const above = preface.slice(0, Math.max(0, height - reserved));
  if (rows.length === 0) return [titled(), ...above, emptyLine(state, picture, name)];
  const columns = PANES[name].columns(state.taskState);
  const view = state.views[name];
  const titles = height > 1 ? [drawTitles(columns, width, view.sort)] : [];
  const room = height - above.length - titles.length;
  const isFocus = name === state.focus;
  const cursor = cursorIndex(view, rows);
  const first = isFocus ? firstRow(cursor, rows.length, room) : 0;
  const shown = rows.slice(first, first + room).map((row, i) =>
    drawRow(row, columns, width, {
      selected: isFocus && first + i === cursor,
      marked: view.marked.includes(row.key),
    }),
  );
  const range = shown.length < rows.length ? rangeOf(first, shown.length, rows.length) : '';
  return [titled(range), ...above, ...titles, ...shown];
}

/** Which rows of how many are shown. */
function rangeOf(first: number, shown: number, all: number): string {
  return shown === 1 ? `${first + 1} of ${all}` : `${first + 1}–${first + shown} of ${all}`;
}

/** Keeps the cursor in the middle, as far as there are rows around it. */
function firstRow(cursor: number, count: number, room: number): number {
  return Math.max(0, Math.min(cursor - Math.floor(room / 2), count - room));
}

function emptyLine(state: TopState, picture: Picture, name: PaneName): Line {
  const { filter } = state.views[name];
  const text = filter
    ? `nothing here matches "${filter}"`
    : PANES[name].empty(picture, state.taskState);
  return [span(`   ${text}`, 'dim')];
}

/** ` 1 QUEUES  12 waiting, 3 running ── 1–6 of 20 ─`: all there is of a pane that got no rows. */
function titleLine(
  state: TopState,
  picture: Picture,
  name: PaneName,
  { width, isOpen, range }: { width: number; isOpen: boolean; range: string },
): Line {
  const { filter } = state.views[name];
  const isFocus = name === state.focus;
  const title = `${isFocus ? '▸' : ' '}${PANE_NAMES.indexOf(name) + 1} ${PANES[name].title}`;
  const line = [
    span(title, isFocus ? 'accent' : 'title'),
    ...(filter ? [span(`  /${filter}`, 'accent')] : []),
    span('  '),
    ...PANES[name].summary(picture, state.taskState, isOpen),
    span(' '),
  ];
  const used = stringWidth(textOf(line));
  const end = range === '' ? '' : ` ${range} ─`;
  const rule = width - used - end.length;
  if (rule < 1) return [...line, span('─'.repeat(Math.max(0, width - used)), 'dim')];
  return [...line, span(`${'─'.repeat(rule)}${end}`, 'dim')];
}
