import { PANE_NAMES, TASK_STATES, type PaneName } from './pane.js';
import { PANES } from './panes/all.js';
import { cursorIndex, visibleRows, type Command, type PaneView, type TopState } from './state.js';

/** What a key led to: the next state, and what is to be done outside of it. */
export interface KeyOutcome {
  state: TopState;
  action?: Command | { kind: 'quit' };
}

type Handler = (state: TopState) => KeyOutcome;

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
  P: (state) => askToPause(state),
  D: (state) =>
    ask(state, ['workers'], (workers) => ({
      question: `Drain ${several(workers, 'worker')}: finish what runs, take nothing more, end?`,
      command: { kind: 'drain', workers },
    })),
  R: (state) =>
    askAboutDead(state, (jobs) => ({
      question: `Run ${several(jobs, 'dead letter')} again?`,
      command: { kind: 'retry', jobs },
    })),
  X: (state) =>
    askAboutDead(state, (jobs) => ({
      question: `Discard ${several(jobs, 'dead letter')} for good?`,
      command: { kind: 'discard', jobs },
    })),
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

/** What a command is about: the marked rows, or the one under the cursor. */
function chosenKeys(state: TopState): string[] {
  const view = state.views[state.focus];
  const rows = visibleRows(state, state.focus);
  const marked = rows.filter(({ key }) => view.marked.includes(key)).map(({ key }) => key);
  if (marked.length > 0) return marked;
  const row = rows[cursorIndex(view, rows)];
  return row ? [row.key] : [];
}

function ask(
  state: TopState,
  panes: readonly PaneName[],
  about: (keys: string[]) => { question: string; command: Command },
): KeyOutcome {
  if (!panes.includes(state.focus)) return refuse(state, panes);
  const keys = chosenKeys(state);
  return keys.length === 0
    ? { state }
    : { state: { ...state, mode: { kind: 'confirm', ...about(keys) } } };
}

function askAboutDead(state: TopState, about: Parameters<typeof ask>[2]): KeyOutcome {
  if (state.focus === 'tasks' && state.taskState === 'dead') return ask(state, ['tasks'], about);
  return ask(state, ['dead'], about);
}

function askToPause(state: TopState): KeyOutcome {
  return ask(state, ['queues'], (queues) => {
    const isPaused = (name: string): boolean =>
      state.picture?.snapshot.queues.some((queue) => queue.name === name && queue.paused) ?? false;
    return queues.every(isPaused)
      ? {
          question: `Resume ${several(queues, 'queue')}?`,
          command: { kind: 'resume', queues },
        }
      : {
          question: `Pause ${several(queues, 'queue')}: workers finish what runs and take no more from it?`,
          command: { kind: 'pause', queues },
        };
  });
}

function refuse(state: TopState, panes: readonly PaneName[]): KeyOutcome {
  const names = panes.map((name) => `${PANE_NAMES.indexOf(name) + 1} ${PANES[name].title}`);
  const text = `that key is for ${names.join(' and ')}`;
  return { state: { ...state, note: { text, tone: 'warn', until: state.now + 3000 } } };
}

function several(keys: readonly string[], what: string): string {
  return keys.length === 1 ? `${what} ${keys[0] ?? ''}` : `${keys.length} ${what}s`;
}
