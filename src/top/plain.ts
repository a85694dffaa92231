import type { Picture } from '../monitor/picture.js';
import { drawHeader } from './header.js';
import { clipLine, span, textOf, type Line } from './line.js';
import { drawRow, drawTitles, PANE_NAMES } from './pane.js';
import { PANES } from './panes/all.js';
import { initialState, visibleRows, type TopState } from './state.js';

/** One picture with all of every pane, as text for a pipe or a file. */
export function plainPicture(
  head: Pick<TopState, 'title' | 'address'>,
  picture: Picture,
  width: number,
): string {
  const { standards, snapshot } = picture;
  const state = { ...initialState({ ...head, standards }, snapshot.at), picture };
  const panes = PANE_NAMES.flatMap((name): Line[] => {
    const columns = PANES[name].columns(state.taskState);
    const rows = visibleRows(state, name);
    const plain = { selected: false, marked: false };
    return [
      [],
      [span(` ${PANES[name].title}  `), ...PANES[name].summary(picture, state.taskState, true)],
      ...(rows.length > 0 ? [drawTitles(columns, width)] : []),
      ...rows.map((row) => drawRow(row, columns, width, plain)),
    ];
  });
  return [...drawHeader(state, width), ...panes]
    .map((line) => textOf(clipLine(line, width)).trimEnd())
    .join('\n');
}
