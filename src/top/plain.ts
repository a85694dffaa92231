import { drawHeader } from './header.js';
import { clipLine, span, textOf, type Line } from './line.js';
import { drawRow, drawTitles, PANE_NAMES } from './pane.js';
import { PANES } from './panes/all.js';
import { afterEvent, initialState, visibleRows, type TopState } from './state.js';
import type { SystemSnapshot } from '../planning/snapshot.js';

/** One picture with all of every pane, as text for a pipe or a file. */
export function plainPicture(
  head: Pick<TopState, 'title' | 'address' | 'standards'>,
  snapshot: SystemSnapshot,
  width: number,
): string {
  const now = snapshot.at;
  const state = afterEvent(initialState(head, now), { kind: 'snapshot', snapshot, now });
  const panes = PANE_NAMES.flatMap((name): Line[] => {
    const columns = PANES[name].columns(state.taskState);
    const rows = visibleRows(state, name);
    const plain = { selected: false, marked: false };
    return [
      [],
      [
        span(` ${PANES[name].title}  `),
        ...(state.picture ? PANES[name].summary(state.picture, state.taskState, true) : []),
      ],
      ...(rows.length > 0 ? [drawTitles(columns, width)] : []),
      ...rows.map((row) => drawRow(row, columns, width, plain)),
    ];
  });
  return [...drawHeader(state, width), ...panes]
    .map((line) => textOf(clipLine(line, width)).trimEnd())
    .join('\n');
}
