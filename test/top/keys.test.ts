import { describe, expect, it } from 'vitest';
import { pressKey } from '../../src/top/keys.js';
import {
  afterEvent,
  cursorIndex,
  visibleRows,
  type Command,
  type TopState,
} from '../../src/top/state.js';
import { busySnapshot, emptyState, NOW, stateOf } from '../support/top-states.js';

/** Presses keys one after another. @returns the last state and all that was asked for. */
function press(state: TopState, ...keys: string[]) {
  const actions: (Command | { kind: 'quit' })[] = [];
  for (const key of keys) {
    const outcome = pressKey(state, key);
    state = outcome.state;
    if (outcome.action) actions.push(outcome.action);
  }
  return { state, actions };
}

const cursorOf = (state: TopState): string | undefined => {
  const rows = visibleRows(state, state.focus);
  return rows[cursorIndex(state.views[state.focus], rows)]?.key;
};

describe('keys that look', () => {
  it.each<[keys: string[], focus: TopState['focus'], cursor: string | undefined]>([
    [[], 'queues', 'high_priority'],
    [['down'], 'queues', 'default'],
    [['j', 'j', 'k'], 'queues', 'default'],
    [['up'], 'queues', 'high_priority'],
    [['end'], 'queues', 'maintenance'],
    [['G', 'down'], 'queues', 'maintenance'],
    [['G', 'g'], 'queues', 'high_priority'],
    [['pagedown', 'pageup'], 'queues', 'high_priority'],
    [['tab'], 'workers', 'worker-a1b2'],
    [['shift-tab', 'shift-tab'], 'schedules', undefined],
    [['2', 'down', '1', '2'], 'workers', 'worker-c3d4'],
    [['3'], 'tasks', 'j9'],
    [['3', 'right'], 'tasks', 'jw'],
    [['3', 'l', 'l', 'l'], 'tasks', 'jc'],
    [['3', 'left'], 'tasks', 'ja'],
    [['4', 'down', 's'], 'dead', 'jb'],
    [['right'], 'queues', 'high_priority'],
    [['z', 'F5'], 'queues', 'high_priority'],
  ])('%j leads to %s, %s', (keys, focus, cursor) => {
    const { state, actions } = press(stateOf(busySnapshot()), ...keys);
    expect([state.focus, cursorOf(state), actions]).toEqual([focus, cursor, []]);
  });

  it('filters while it is typed, keeps with enter, shows all again with escape', () => {
    const typed = press(stateOf(busySnapshot()), '2', '/', 'c', '3', 'x', 'backspace').state;
    expect(visibleRows(typed, 'workers').map(({ key }) => key)).toEqual(['worker-c3d4']);
    expect(typed.mode.kind).toBe('filter');
    const kept = press(typed, 'enter').state;
    expect([kept.mode.kind, kept.views.workers.filter]).toEqual(['browse', 'c3']);
    expect(visibleRows(press(kept, 'escape').state, 'workers')).toHaveLength(3);
    expect(press(typed, 'escape').state.views.workers.filter).toBe('');
    // While it is typed, no letter is a command.
    const letters = press(stateOf(busySnapshot()), '/', 'q', 'P', 'space').state;
    expect(letters.views.queues.filter).toBe('qP ');
  });

  it('sorts by each column in turn, numbers from the largest', () => {
    const sorted = press(stateOf(busySnapshot()), 's', 's').state;
    expect(visibleRows(sorted, 'queues')[0]!.key).toBe('default');
    const all = press(sorted, ...Array.from({ length: 11 }, () => 's')).state;
    expect(all.views.queues.sort).toBeUndefined();
  });

  it('opens the detail of a row, moves on in it, and goes back; help too', () => {
    const detail = press(stateOf(busySnapshot()), 'enter').state;
    expect(detail.mode.kind).toBe('detail');
    expect(cursorOf(press(detail, 'down').state)).toBe('default');
    expect(press(detail, 'down', 'x').state.mode.kind).toBe('browse');
    expect(press(stateOf(busySnapshot()), '5', 'enter').state.mode.kind).toBe('browse');
    expect(press(stateOf(busySnapshot()), '?').state.mode.kind).toBe('help');
    expect(press(stateOf(busySnapshot()), '?', 'q').actions).toEqual([]);
  });

  it('quits, also before the first picture', () => {
    const early = press(emptyState(), 'down', 'enter', 'space', 'P', 'q');
    expect(early.actions).toEqual([{ kind: 'quit' }]);
    expect(press(stateOf(busySnapshot()), '/', 'ctrl-c').actions).toEqual([{ kind: 'quit' }]);
  });

  it('stays on a row while others come and go, and near it when it goes', () => {
    const at = press(stateOf(busySnapshot()), '2', 'down').state;
    const [first, second, third] = busySnapshot().workers as [never, never, never];
    const cursorAmong = (...workers: never[]): string | undefined =>
      cursorOf(afterEvent(at, { kind: 'snapshot', now: NOW, snapshot: busySnapshot({ workers }) }));
    expect(cursorAmong(second, first, third)).toBe('worker-c3d4');
    expect(cursorAmong(first, third)).toBe('worker-e5f6');
    expect(cursorAmong()).toBeUndefined();
  });
});

describe('keys that change something', () => {
  it.each<[keys: string[], question: RegExp, command: Command]>([
    [['down', 'P'], /Pause queue default/, { kind: 'pause', queues: ['default'] }],
    [['j', 'j', 'P'], /Resume queue low_priority/, { kind: 'resume', queues: ['low_priority'] }],
    [
      ['space', 'space', 'P'],
      /Pause 2 queues/,
      { kind: 'pause', queues: ['high_priority', 'default'] },
    ],
    [['2', 'D'], /Drain worker worker-a1b2/, { kind: 'drain', workers: ['worker-a1b2'] }],
    [['4', 'R'], /Run dead letter ja again/, { kind: 'retry', jobs: ['ja'] }],
    [
      ['4', 'space', 'down', 'space', 'X'],
      /Discard 2 dead letters for good/,
      { kind: 'discard', jobs: ['ja', 'jd'] },
    ],
    [['3', 'left', 'X'], /Discard dead letter ja/, { kind: 'discard', jobs: ['ja'] }],
  ])('%j asks, and acts only when told yes', (keys, question, command) => {
    const asked = press(stateOf(busySnapshot()), ...keys);
    expect(asked.actions).toEqual([]);
    expect(asked.state.mode).toEqual({
      kind: 'confirm',
      question: expect.stringMatching(question) as string,
      command,
    });
    const answered = press(asked.state, 'y');
    expect(answered.actions).toEqual([command]);
    expect(answered.state.views[asked.state.focus].marked).toEqual([]);
    for (const no of ['n', 'enter', 'escape', 'q', 'space']) {
      const refused = press(asked.state, no);
      expect([refused.actions, refused.state.mode.kind]).toEqual([[], 'browse']);
    }
  });

  it.each([
    [['1', 'D'], '2 WORKERS'],
    [['2', 'P'], '1 QUEUES'],
    [['3', 'R'], '4 DEAD LETTERS'],
    [['1', 'X'], '4 DEAD LETTERS'],
  ])('%j says where the key belongs', (keys, pane) => {
    const { state, actions } = press(stateOf(busySnapshot()), ...keys);
    expect(state.note?.text).toBe(`that key is for ${pane}`);
    expect([actions, state.mode.kind]).toEqual([[], 'browse']);
  });

  it('takes marks back, and acts only on those that are still there', () => {
    const marked = press(stateOf(busySnapshot()), '4', 'space', 'space', 'up', 'space').state;
    expect(marked.views.dead.marked).toEqual(['ja']);
    const jobs = { waiting: [], split: [], delayed: [], done: [], dead: [] };
    const gone = afterEvent(marked, {
      kind: 'snapshot',
      now: NOW,
      snapshot: busySnapshot({ jobs }),
    });
    expect(press(gone, 'X').state.mode.kind).toBe('browse');
  });
});
