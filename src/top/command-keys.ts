import { PANE_NAMES, type PaneName } from './pane.js';
import { PANES } from './panes/all.js';
import { cursorIndex, visibleRows, type Command, type TopState } from './state.js';

/** What a key led to: the next state, and what is to be done outside of it. */
export interface KeyOutcome {
  state: TopState;
  action?: Command | { kind: 'quit' };
}

export type Handler = (state: TopState) => KeyOutcome;

/** Keys that change the system: each asks before anything is done. */
export const COMMAND_KEYS: Record<string, Handler> = {
  P: (state) => askToPause(state),
  D: (state) =>
    ask(state, ['workers'], (workers) => ({
      question: `Drain ${several(workers, 'worker')}: end after what runs?`,
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
          question: `Pause ${several(queues, 'queue')}: take no more from it?`,
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
