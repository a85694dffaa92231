import { span, type Line } from './line.js';
import type { PaneName } from './pane.js';
import type { TopState } from './state.js';

/** Keys that are about one pane. */
const PANE_KEYS: Record<PaneName, [key: string, does: string][]> = {
  queues: [['P', 'pause']],
  workers: [['D', 'drain']],
  tasks: [['←→', 'state']],
  dead: [
    ['R', 'retry'],
    ['X', 'discard'],
    ['space', 'mark'],
  ],
  schedules: [],
  alerts: [],
};

const FIRST_KEYS: [key: string, does: string][] = [
  ['q', 'quit'],
  ['?', 'help'],
];
const LAST_KEYS: [key: string, does: string][] = [
  ['tab', 'pane'],
  ['/', 'filter'],
  ['s', 'sort'],
  ['enter', 'detail'],
];

/** The last line: a question, what became of a command, or the keys that work here. */
export function drawFooter(state: TopState, width: number): Line {
  switch (state.mode.kind) {
    case 'confirm':
      return questionLine(state.mode.question, width);
    case 'filter':
      return [
        span(` / ${state.views[state.focus].filter}█`, 'accent'),
        span('  enter keep  esc clear', 'dim'),
      ];
    case 'detail':
      return [span(' any key: back   ↑↓ next', 'dim')];
    case 'help':
      return [span(' any key: back', 'dim')];
    case 'browse':
      if (state.note) return [span(` ${state.note.text}`, state.note.tone)];
      return keysLine([...FIRST_KEYS, ...PANE_KEYS[state.focus], ...LAST_KEYS], width);
  }
}

/** As many keys as fit. */
function keysLine(keys: readonly [key: string, does: string][], width: number): Line {
  let room = width;
  return keys.flatMap(([key, does]) => {
    room -= key.length + does.length + 3;
    return room < 0 ? [] : [span(` ${key}`, 'accent'), span(` ${does} `, 'dim')];
  });
}

/** The answer's keys stay on screen, however long the question. */
function questionLine(question: string, width: number): Line {
  const answer = '  y yes, any other key no';
  return [span(` ${question.slice(0, width - answer.length - 1)}`, 'warn'), span(answer, 'title')];
}
