import { busySlotsPerMinute } from '../planning/busy-history.js';
import { formatPercent, formatSeconds } from '../planning/readable.js';
import { quantileSeconds } from '../planning/histogram.js';
import { addHistogram, emptyHistogram } from '../planning/histogram.js';
import { chart } from './graphics.js';
import { span, type Line } from './line.js';
import type { Picture } from '../monitor/picture.js';

const GAP = 2;

interface Series {
  title: string;
  values: (number | undefined)[];
  /** What fills the chart; default: the highest value. */
  full?: number;
  describe(value: number): string;
}

/** The last quarter of an hour, minute by minute: as many charts as fit beside each other. */
export function drawCharts(picture: Picture, width: number, height: number): Line[] {
  const series = seriesOf(picture);
  const minutes = picture.snapshot.minutes.length;
  if (minutes === 0) return [];
  const fitting = (cells: number): number =>
    Math.floor((width - 1 + GAP) / (minutes * cells + GAP));
  const cells = fitting(3) >= series.length ? 3 : 2;
  const count = Math.min(series.length, fitting(cells));
  const charts = series
    .slice(0, count)
    .map(({ title, values, full, describe }) =>
      chart(title, values, { height: height - 1, cells, full }, describe),
    );
  return Array.from({ length: height }, (_, row) => [
    span(' '),
    ...charts.flatMap((lines, i) => [
      ...(i > 0 ? [span(' '.repeat(GAP))] : []),
      ...(lines[row] ?? []),
    ]),
  ]);
}

function seriesOf({ figures, snapshot }: Picture): Series[] {
  const { slots } = figures.capacity;
  const busy = busySlotsPerMinute(snapshot).map((value) =>
    value === undefined || slots === 0 ? undefined : Math.min(1, value / slots),
  );
  const count = (value: number): string => String(Math.round(value));
  const overQueues = (pick: 'enqueuedPerMinute' | 'waitingPerMinute'): Series['values'] =>
    snapshot.minutes.map((_, i) => {
      const values = figures.queues.flatMap(({ flow }) => flow[pick][i] ?? []);
      return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
    });
  const known = overQueues('enqueuedPerMinute');
  const perMinute = (value: (index: number) => number): Series['values'] =>
    known.map((seen, i) => (seen === undefined ? undefined : value(i)));
  const flowsAt = (i: number) => [...(snapshot.minutes[i]?.queues.values() ?? [])];
  return [
    { title: 'busy', values: busy, describe: formatPercent, full: 1 },
    { title: 'in/min', values: known, describe: count },
    {
      title: 'done/min',
      values: perMinute((i) => flowsAt(i).reduce((sum, { completed }) => sum + completed, 0)),
      describe: count,
    },
    { title: 'waiting', values: overQueues('waitingPerMinute'), describe: count },
    {
      title: 'wait p95',
      values: perMinute((i) => {
        const wait = emptyHistogram();
        for (const flow of flowsAt(i)) addHistogram(wait, flow.wait);
        return quantileSeconds(wait, 0.95) ?? 0;
      }),
      describe: formatSeconds,
    },
  ];
}
