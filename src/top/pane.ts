import type { Picture } from '../monitor/picture.js';
import { fit, span, type Line, type Span, type Tone } from './line.js';

export const PANE_NAMES = ['queues', 'workers', 'tasks', 'dead', 'schedules', 'alerts'] as const;
export type PaneName = (typeof PANE_NAMES)[number];

/** States by which the tasks pane lists jobs. */
export const TASK_STATES = ['running', 'waiting', 'delayed', 'done', 'dead'] as const;
export type TaskState = (typeof TASK_STATES)[number];

export interface Cell {
  text: string;
  tone?: Tone;
  /** What the cell is sorted by, where that is not its text. */
  value?: number;
}

export interface PaneRow {
  /** Tells the row from all others, also in the next picture. */
  key: string;
  /** What it is called, where that is not its key. */
  name?: string;
  /** One for each column, asked for when they are to be seen. */
  cells(): Cell[];
  tone?: Tone;
  /** All there is to say about it, asked for when somebody looks. */
  detail(): [label: string, text: string][];
}

export interface Column {
  title: string;
  width: number;
  align?: 'right';
  /** Takes the room that is left, up to so many cells. */
  growTo?: number;
}

/** One table of the screen. */
export interface Pane {
  name: PaneName;
  title: string;
  columns(taskState: TaskState): readonly Column[];
  rows(picture: Picture, taskState: TaskState): PaneRow[];
  /** The whole pane in a few words, shown beside its title; `isOpen`: above its rows. */
  summary(picture: Picture, taskState: TaskState, isOpen: boolean): Span[];
  /** Lines above the table that are not rows of it, when there is room. */
  preface?(picture: Picture): Line[];
  /** What to show, and to type, when it is empty. */
  empty(picture: Picture, taskState: TaskState): string;
}

/** Two cells in front of each row: where the cursor is, and what is marked. */
const MARGIN = 3;

/** The columns that fit into `width`, from the left; what is left over goes to one that grows. */
function fitColumns(columns: readonly Column[], width: number): Column[] {
  const kept: Column[] = [];
  let room = width - MARGIN;
  for (const column of columns) {
    if (column.width > room) break;
    kept.push(column);
    room -= column.width + 1;
  }
  room += 1;
  return kept.map((column) => {
    const more = Math.max(0, Math.min(room, (column.growTo ?? column.width) - column.width));
    room -= more;
    return { ...column, width: column.width + more };
  });
}

export function drawTitles(columns: readonly Column[], width: number, sort?: number): Line {
  const titles = fitColumns(columns, width).map(({ title, width: cells, align }, i) =>
    fit(i === sort ? `${title}▾` : title, cells, align),
  );
  return [span(' '.repeat(MARGIN) + titles.join(' '), 'dim')];
}

export function drawRow(
  row: PaneRow,
  columns: readonly Column[],
  width: number,
  { selected, marked }: { selected: boolean; marked: boolean },
): Line {
  const margin = span(
    `${selected ? '▸' : ' '}${marked ? '*' : ' '} `,
    selected ? 'accent' : 'plain',
  );
  const values = row.cells();
  const cells = fitColumns(columns, width).flatMap(({ width: cells, align }, i) => {
    const cell = values[i] ?? { text: '' };
    const tone = cell.tone ?? (selected ? 'accent' : (row.tone ?? 'plain'));
    return [...(i > 0 ? [span(' ')] : []), span(fit(cell.text, cells, align), tone)];
  });
  return [margin, ...cells];
}
