import { drawCharts } from './charts.js';
import { drawPane, wantedRows } from './draw-pane.js';
import { drawFooter } from './footer.js';
import { drawHeader } from './header.js';
import { drawHelp } from './help.js';
import { clipLine, fit, span, type Line } from './line.js';
import { PANE_NAMES, type PaneName } from './pane.js';
import { PANES } from './panes/all.js';
import type { Picture } from '../monitor/picture.js';
import { shareRows } from './share-rows.js';
import { cursorIndex, silentSeconds, visibleRows, type TopState } from './state.js';

export interface ScreenSize {
  width: number;
  height: number;
}

/** Of charts, with their titles. */
const CHART_ROWS = { least: 6, most: 11 };
/** With so many rows for them, panes not in focus show what stands above their table too. */
const TALL = 30;
/** With so many, charts are shown whatever the panes want; with fewer, where these leave room. */
const CHARTS_ALWAYS = 28;
/** Rows that a pane may want before charts get what is left. */
const ROWS_BEFORE_CHARTS = 8;
/** Of the pane in focus. */
const FEWEST_ROWS = 3;
const LABEL_WIDTH = 18;

/** The whole screen as lines: as many as it is high, none wider than it is. */
export function drawScreen(state: TopState, size: ScreenSize): Line[] {
  const header = drawHeader(state, size.width);
  const footer = drawFooter(state, size.width);
  const room = Math.max(0, size.height - header.length - 1);
  const body = drawBody(state, { width: size.width, height: room });
  // Dimmed, a picture shows that it is old; the header says it.
  const isOld = silentSeconds(state) !== undefined;
  const [title = [], ...figures] = header;
  const below = [...figures, ...body];
  const shown = isOld ? below.map((line) => line.map(({ text }) => span(text, 'dim'))) : below;
  const lines = [title, ...shown].slice(0, size.height - 1);
  const blank = Array.from({ length: size.height - 1 - lines.length }, (): Line => []);
  return [...lines, ...blank, footer].map((line) => clipLine(line, size.width));
}

function drawBody(state: TopState, size: ScreenSize): Line[] {
  if (state.mode.kind === 'help') return drawHelp(size.width);
  if (!state.picture) return [];
  if (state.mode.kind === 'detail') return drawDetail(state, size);
  return drawPanes(state, state.picture, size);
}

function drawPanes(state: TopState, picture: Picture, { width, height }: ScreenSize): Line[] {
  // With no room for more than titles, the others give theirs up.
  if (height < PANE_NAMES.length + FEWEST_ROWS) {
    const rows = visibleRows(state, state.focus);
    const content = { name: state.focus, preface: [], rows };
    return drawPane(state, picture, content, { width, height: Math.max(0, height - 1) });
  }
  const contents = PANE_NAMES.map((name) => {
    const isLarge = name === state.focus || height >= TALL;
    const preface = isLarge ? (PANES[name].preface?.(picture) ?? []) : [];
    return { name, preface, rows: visibleRows(state, name) };
  });
  const wanted = Object.fromEntries(
    contents.map((content) => [content.name, wantedRows(content, state.focus)]),
  ) as Record<PaneName, number>;
  const room = height - PANE_NAMES.length;
  const chartRows = rowsForCharts(Object.values(wanted), room);
  const charts = chartRows > 0 ? drawCharts(picture, width, chartRows) : [];
  const shares = shareRows(wanted, state.focus, room - charts.length);
  const panes = contents.flatMap((content) =>
    drawPane(state, picture, content, { width, height: shares[content.name] }),
  );
  return [...charts, ...panes];
}

/** Charts take what panes leave; on a tall terminal they have some rows in any case. */
function rowsForCharts(wanted: readonly number[], room: number): number {
  const left = (most: number): number =>
    wanted.reduce((rest, rows) => rest - Math.min(rows, most), room);
  if (room < CHARTS_ALWAYS && left(ROWS_BEFORE_CHARTS) <= CHART_ROWS.least) return 0;
  return Math.max(CHART_ROWS.least, Math.min(CHART_ROWS.most, left(Infinity)));
}

function drawDetail(state: TopState, { width, height }: ScreenSize): Line[] {
  const rows = visibleRows(state, state.focus);
  const row = rows[cursorIndex(state.views[state.focus], rows)];
  const title: Line = [
    span(` ${PANES[state.focus].title}: ${row?.name ?? row?.key ?? ''}`, 'accent'),
  ];
  const lines = (row?.detail() ?? []).flatMap(([label, text]) => wrap(label, text, width));
  return [title, [], ...lines].slice(0, height);
}

/** A label and its text, broken between words where it is too long. */
function wrap(label: string, text: string, width: number): Line[] {
  const room = Math.max(20, width - LABEL_WIDTH - 1);
  const parts = text.match(new RegExp(`.{1,${room}}(\\s|$)|.{1,${room}}`, 'gsu')) ?? [''];
  return parts.map((part, i) => [
    span(` ${fit(i === 0 ? label : '', LABEL_WIDTH)}`, 'dim'),
    span(part.trimEnd()),
  ]);
}
