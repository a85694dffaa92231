import { beyondNorm } from '../../planning/queue-norm.js';
import { formatSeconds } from '../../planning/readable.js';
import type { QueueFigures } from '../../planning/system-figures.js';
import { sparkline } from '../graphics.js';
import { span } from '../line.js';
import type { Column, Pane, PaneRow } from '../pane.js';
import type { Picture } from '../../monitor/picture.js';
import { countCell, durationCell, rateCell } from './cells.js';

const COLUMNS: Column[] = [
  { title: 'queue', width: 13, growTo: 20 },
  { title: 'waiting', width: 7, align: 'right' },
  { title: 'running', width: 7, align: 'right' },
  { title: 'delayed', width: 7, align: 'right' },
  { title: 'dead', width: 5, align: 'right' },
  { title: 'oldest', width: 7, align: 'right' },
  { title: 'in, last 15 m', width: 15 },
  { title: 'in/h', width: 7, align: 'right' },
  { title: 'done/h', width: 7, align: 'right' },
  { title: 'waiting, 15 m', width: 15 },
  { title: 'wait p95', width: 8, align: 'right' },
  { title: 'norm', width: 20, growTo: 60 },
];

export const queuesPane: Pane = {
  name: 'queues',
  title: 'QUEUES',
  columns: () => COLUMNS,
  rows: (picture) => picture.figures.queues.map((queue) => rowOf(queue, picture)),
  summary: ({ figures }) => {
    const paused = figures.queues.filter((queue) => queue.paused).map(({ name }) => name);
    return [
      span(`${figures.waiting} waiting, ${figures.running - figures.stalled} running`),
      ...(figures.stalled > 0 ? [span(`, ${figures.stalled} stalled`, 'bad')] : []),
      span(`, ${figures.delayed} delayed`),
      ...(paused.length > 0 ? [span(`  paused: ${paused.join(', ')}`, 'warn')] : []),
    ];
  },
  empty: () => 'no queues',
};

function rowOf(queue: QueueFigures, { standards }: Picture): PaneRow {
  const norms = standards.settings.queueNorms;
  const { name, waiting, running, delayed, dead, paused, oldestWaitSeconds, flow } = queue;
  const beyond = beyondNorm(queue, norms[name]);
  const isIdle = waiting + running + delayed + dead === 0;
  return {
    key: name,
    ...(isIdle && !paused ? { tone: 'dim' as const } : {}),
    cells: () => [
      { text: paused ? `${name} ‖` : name, ...(paused ? { tone: 'warn' as const } : {}) },
      {
        text: `${beyond === undefined ? '' : '!'}${waiting}`,
        value: waiting,
        ...(beyond === undefined ? {} : { tone: 'warn' as const }),
      },
      countCell(running),
      countCell(delayed),
      countCell(dead, 'bad'),
      durationCell(oldestWaitSeconds),
      { text: sparkline(flow.enqueuedPerMinute) },
      rateCell(flow.inPerHour),
      rateCell(flow.outPerHour),
      { text: sparkline(flow.waitingPerMinute) },
      durationCell(flow.wait.p95Seconds),
      { text: paused ? 'paused: nothing is taken from it' : (beyond ?? 'within its norm') },
    ],
    detail: () => [
      ['state', paused ? 'paused: no worker takes from it; P resumes it' : 'open'],
      ['waiting', `${waiting}, the oldest for ${formatSeconds(oldestWaitSeconds ?? 0)}`],
      [
        'norm',
        `at most ${norms[name].waiting} waiting, for ${formatSeconds(norms[name].waitSeconds)}`,
      ],
      ['running, delayed', `${running}, ${delayed}`],
      ['dead letters', String(dead)],
      ['last 15 minutes', `${flow.completed} done, ${flow.failed} tries failed`],
      [
        'wait p50, p95',
        `${formatSeconds(flow.wait.p50Seconds ?? 0)}, ${formatSeconds(flow.wait.p95Seconds ?? 0)}`,
      ],
      ['since it exists', `${queue.enqueuedTotal} enqueued`],
    ],
  };
}
