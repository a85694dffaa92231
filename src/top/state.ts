import type { SystemSnapshot } from '../planning/snapshot.js';
import type { Tone } from './line.js';
import { PANE_NAMES, type Cell, type PaneName, type PaneRow, type TaskState } from './pane.js';
import { PANES } from './panes/all.js';
import { takePicture, type Picture, type Standards } from '../monitor/picture.js';

/** What a key may have done to the system, once it is confirmed. */
export type Command =
  | { kind: 'pause' | 'resume'; queues: string[] }
  | { kind: 'drain'; workers: string[] }
  | { kind: 'retry' | 'discard'; jobs: string[] };

type Mode =
  | { kind: 'browse' | 'filter' | 'detail' | 'help' }
  | { kind: 'confirm'; question: string; command: Command };

/** How one pane is looked at. */
export interface PaneView {
  /** Key of the row that the cursor is on, and where it was, should the row be gone. */
  cursor: { key: string; index: number } | undefined;
  /** Column by which the rows are sorted; undefined: as they come. */
  sort: number | undefined;
  filter: string;
  marked: readonly string[];
}

/** Everything the screen shows, apart from its size. */
export interface TopState {
  title: string;
  /** Of Redis, without its password. */
  address: string;
  standards: Standards;
  picture: Picture | undefined;
  /** By the clock of this machine, in milliseconds: now, and when the last picture came. */
  now: number;
  heardAt: number;
  /** Why there is no answer, as far as known. */
  trouble: string | undefined;
  focus: PaneName;
  taskState: TaskState;
  views: Record<PaneName, PaneView>;
  mode: Mode;
  /** What became of the last command. */
  note: { text: string; tone: Tone; until: number } | undefined;
}

export type TopEvent =
  | { kind: 'snapshot'; snapshot: SystemSnapshot; now: number }
  | { kind: 'trouble'; reason: string; now: number }
  | { kind: 'tick'; now: number }
  | { kind: 'note'; text: string; tone: Tone };

const NOTE_MS = 6000;
/** A picture older than this is shown as old. */
const STALE_MS = 3500;

export function initialState(
  head: Pick<TopState, 'title' | 'address' | 'standards'>,
  now: number,
): TopState {
  const view: PaneView = { cursor: undefined, sort: undefined, filter: '', marked: [] };
  return {
    ...head,
    picture: undefined,
    now,
    heardAt: now,
    trouble: undefined,
    focus: 'queues',
    taskState: 'running',
    views: Object.fromEntries(PANE_NAMES.map((name) => [name, view])) as TopState['views'],
    mode: { kind: 'browse' },
    note: undefined,
  };
}

/** The state after something happened that was not a key. */
export function afterEvent(state: TopState, event: TopEvent): TopState {
  switch (event.kind) {
    case 'snapshot': {
      const picture = takePicture(event.snapshot, state.standards, { before: state.picture });
      const heard = { picture, heardAt: event.now, trouble: undefined };
      return { ...atTime(state, event.now), ...heard };
    }
    case 'trouble':
      return { ...atTime(state, event.now), trouble: event.reason };
    case 'tick':
      return atTime(state, event.now);
    case 'note':
      return { ...state, note: { text: event.text, tone: event.tone, until: state.now + NOTE_MS } };
  }
}

function atTime(state: TopState, now: number): TopState {
  const isOver = state.note !== undefined && state.note.until <= now;
  return { ...state, now, note: isOver ? undefined : state.note };
}

/** Seconds since Redis last answered, once that is too long ago. */
export function silentSeconds({ now, heardAt }: TopState): number | undefined {
  return now - heardAt > STALE_MS ? (now - heardAt) / 1000 : undefined;
}

/** The rows of a pane as they are shown: those that the filter lets through, in order. */
export function visibleRows(state: TopState, name: PaneName): PaneRow[] {
  if (!state.picture) return [];
  const { filter, sort } = state.views[name];
  const all = PANES[name].rows(state.picture, state.taskState);
  const wanted = filter.toLowerCase();
  const isWanted = ({ text }: Cell): boolean => text.toLowerCase().includes(wanted);
  const rows = filter === '' ? all : all.filter((row) => row.cells().some(isWanted));
  if (sort === undefined) return rows;
  const sorted = rows.map((row) => ({ row, cell: row.cells()[sort] }));
  return sorted.sort((a, b) => compareCells(a.cell, b.cell)).map(({ row }) => row);
}

/** Where the cursor of a pane is, among its visible rows. */
export function cursorIndex({ cursor }: PaneView, rows: readonly PaneRow[]): number {
  const found = rows.findIndex(({ key }) => key === cursor?.key);
  return found >= 0 ? found : Math.max(0, Math.min(cursor?.index ?? 0, rows.length - 1));
}

/** Numbers from the largest down, texts from A to Z. */
function compareCells(one: Cell | undefined, other: Cell | undefined): number {
  if (one?.value !== undefined && other?.value !== undefined) return other.value - one.value;
  return (one?.text ?? '').localeCompare(other?.text ?? '');
}
