import { COMMAND_KEYS, type Handler, type KeyOutcome } from './command-keys.js';
import { PANE_NAMES, TASK_STATES } from './pane.js';
import { PANES } from './panes/all.js';
import { cursorIndex, visibleRows, type PaneView, type TopState } from './state.js';

const PAGE = 10;

/** Keys by name; letters stand for themselves. Small letters look, capitals change something. */
const BROWSE_KEYS: Record<string, Handler> = {
  q: (state) => ({ state, action: { kind: 'quit' } }),
  up: (state) => moveCursor(state, -1),
  k: (state) => moveCursor(state, -1),
  down: (state) => moveCursor(state, 1),
  j: (state) => moveCursor(state, 1),
  pageup: (state) => moveCursor(state, -PAGE),
  pagedown: (state) => moveCursor(state, PAGE),
  home: (state) => moveCursor(state, -Infinity),
  g: (state) => moveCursor(state, -Infinity),
  end: (state) => moveCursor(state, Infinity),
  G: (state) => moveCursor(state, Infinity),
  left: (state) => turnTaskState(state, -1),
  h: (state) => turnTaskState(state, -1),
  right: (state) => turnTaskState(state, 1),
  l: (state) => turnTaskState(state, 1),
  tab: (state) => turnFocus(state, 1),
  'shift-tab': (state) => turnFocus(state, -1),
  ...Object.fromEntries(
    PANE_NAMES.map((name, i): [string, Handler] => [
      String(i + 1),
      (state) => ({ state: { ...state, focus: name } }),
    ]),
  ),
  '/': (state) => ({ state: { ...state, mode: { kind: 'filter' } } }),
  escape: (state) => changeView(state, { filter: '', marked: [] }),
  s: (state) => turnSort(state),
  enter: (state) =>
    hasRows(state) ? { state: { ...state, mode: { kind: 'detail' } } } : { state },
  '?': (state) => ({ state: { ...state, mode: { kind: 'help' } } }),
  space: (state) => toggleMark(state),
  ...COMMAND_KEYS,
};

/** What a key does to the state. Pure: what it asks for is done by whoever pressed it. */
export function pressKey(state: TopState, key: string): KeyOutcome {
  if (key === 'ctrl-c') return { state, action: { kind: 'quit' } };
  const browsing: TopState = { ...state, mode: { kind: 'browse' } };
  switch (state.mode.kind) {
    case 'browse':
      return BROWSE_KEYS[key]?.({ ...state, note: undefined }) ?? { state };
    case 'filter':
      return typeFilter(state, key);
    case 'confirm':
      if (key !== 'y' && key !== 'Y') return { state: browsing };
      return { state: changeView(browsing, { marked: [] }).state, action: state.mode.command };
    case 'detail':
      if (key === 'up' || key === 'k') return moveCursor(state, -1);
      if (key === 'down' || key === 'j') return moveCursor(state, 1);
      return { state: browsing };
    case 'help':
      return { state: browsing };
  }
}

function changeView(state: TopState, change: Partial<PaneView>): KeyOutcome {
  const view = { ...state.views[state.focus], ...change };
  return { state: { ...state, views: { ...state.views, [state.focus]: view } } };
}

function hasRows(state: TopState): boolean {
  return visibleRows(state, state.focus).length > 0;
}

function moveCursor(state: TopState, by: number): KeyOutcome {
  const rows = visibleRows(state, state.focus);
  const at = cursorIndex(state.views[state.focus], rows);
  const index = Math.max(0, Math.min(rows.length - 1, at + by));
  const row = rows[index];
  return row ? changeView(state, { cursor: { key: row.key, index } }) : { state };
}

function turn<Value>(values: readonly Value[], current: Value, by: number): Value {
  return values[(values.indexOf(current) + by + values.length) % values.length] as Value;
}

function turnFocus(state: TopState, by: number): KeyOutcome {
  return { state: { ...state, focus: turn(PANE_NAMES, state.focus, by) } };
}

function turnTaskState(state: TopState, by: number): KeyOutcome {
  if (state.focus !== 'tasks') return { state };
  const turned = { ...state, taskState: turn(TASK_STATES, state.taskState, by) };
  // Other jobs, other columns: what was sorted by or marked does not carry over.
  return changeView(turned, { sort: undefined, marked: [], cursor: undefined });
}

function turnSort(state: TopState): KeyOutcome {
  const columns = PANES[state.focus].columns(state.taskState);
  const orders = [undefined, ...columns.keys()];
  return changeView(state, { sort: turn(orders, state.views[state.focus].sort, 1) });
}

function toggleMark(state: TopState): KeyOutcome {
  const view = state.views[state.focus];
  const rows = visibleRows(state, state.focus);
  const key = rows[cursorIndex(view, rows)]?.key;
  if (key === undefined) return { state };
  const marked = view.marked.includes(key)
    ? view.marked.filter((other) => other !== key)
    : [...view.marked, key];
  return moveCursor(changeView(state, { marked }).state, 1);
}

function typeFilter(state: TopState, key: string): KeyOutcome {
  const { filter } = state.views[state.focus];
  switch (key) {
    case 'enter':
      return { state: { ...state, mode: { kind: 'browse' } } };
    case 'escape':
      return changeView({ ...state, mode: { kind: 'browse' } }, { filter: '' });
    case 'backspace':
      return changeView(state, { filter: filter.slice(0, -1) });
    case 'space':
      return changeView(state, { filter: `${filter} ` });
    case 'up':
      return moveCursor(state, -1);
    case 'down':
      return moveCursor(state, 1);
    default:
      return key.length === 1 ? changeView(state, { filter: filter + key }) : { state };
  }
}
