import { limitSeverity, limitShare } from '../../planning/limit-share.js';
import { formatPercent, formatSeconds } from '../../planning/readable.js';
import type { SystemSnapshot, WorkerSnapshot } from '../../planning/snapshot.js';
import { whyIdle, type Idleness } from '../../planning/why-idle.js';
import { slotBar } from '../graphics.js';
import { span, type Tone } from '../line.js';
import type { Cell, Column, Pane, PaneRow } from '../pane.js';
import { countCell, durationCell, formatMemory, rateCell, UNKNOWN } from './cells.js';

const SLOTS_WIDTH = 12;

const COLUMNS: Column[] = [
  { title: 'worker', width: 14, growTo: 28 },
  { title: 'slots', width: SLOTS_WIDTH, growTo: 16 },
  { title: 'cpu', width: 6, align: 'right' },
  { title: 'memory', width: 15, align: 'right' },
  { title: 'job age', width: 7, align: 'right' },
  { title: 'jobs/h', width: 6, align: 'right' },
  { title: 'up', width: 6, align: 'right' },
  { title: 'done', width: 7, align: 'right' },
  { title: 'failed', width: 6, align: 'right' },
  { title: 'recycled', width: 8, align: 'right' },
  { title: 'version', width: 8 },
  { title: 'host', width: 12, growTo: 24 },
  { title: 'note', width: 16, growTo: 60 },
];

export const workersPane: Pane = {
  name: 'workers',
  title: 'WORKERS',
  columns: () => COLUMNS,
  rows: ({ snapshot }) => snapshot.workers.map((worker) => rowOf(worker, snapshot)),
  summary: ({ figures, snapshot }) => {
    const { starting, running, draining, lost } = figures.capacity.workers;
    const kept = snapshot.workers.find((worker) => isKeptFrom(worker, whyIdle(worker, snapshot)));
    return [
      span(`${running} running`),
      ...(starting > 0 ? [span(`, ${starting} starting`)] : []),
      ...(draining > 0 ? [span(`, ${draining} draining`, 'warn')] : []),
      ...(lost > 0 ? [span(`, ${lost} lost`, 'bad')] : []),
      ...(kept
        ? [span(`  ! ${kept.id}: ${noteCell(kept, whyIdle(kept, snapshot)).text}`, 'warn')]
        : []),
    ];
  },
  empty: () => 'no worker runs; start one: dsw worker --concurrency 4',
};

function rowOf(worker: WorkerSnapshot, snapshot: SystemSnapshot): PaneRow {
  const { at } = snapshot;
  const idle = whyIdle(worker, snapshot);
  const upSeconds = (at - worker.startedAt) / 1000;
  const isLost = worker.state === 'lost';
  return {
    key: worker.id,
    ...(isLost ? { tone: 'bad' as const } : worker.busy === 0 ? { tone: 'dim' as const } : {}),
    cells: () => [
      { text: worker.id },
      slotsCell(worker, idle),
      // What it said last of these is true no more.
      ...(isLost ? [UNKNOWN] : [{ text: formatPercent(worker.cpuCores), value: worker.cpuCores }]),
      memoryCell(worker),
      durationCell(isLost ? undefined : oldestJobSeconds(worker, at)),
      rateCell(isLost ? undefined : perHour(worker, upSeconds)),
      durationCell(isLost ? undefined : upSeconds),
      countCell(worker.completed),
      countCell(worker.failed, 'warn'),
      countCell(worker.recycled),
      { text: worker.version },
      { text: worker.host },
      noteCell(worker, idle),
    ],
    detail: () => detailOf(worker, upSeconds, idle),
  };
}

function oldestJobSeconds({ running }: WorkerSnapshot, at: number): number | undefined {
  const oldest = Math.min(...running.map(({ startedAt }) => startedAt));
  return oldest === Infinity ? undefined : Math.max(0, at - oldest) / 1000;
}

function slotsCell(worker: WorkerSnapshot, idle: Idleness | undefined): Cell {
  const { state, busy, slots, silentSeconds } = worker;
  const value = slots === 0 ? 0 : busy / slots;
  if (state === 'lost') return { text: `lost ${formatSeconds(silentSeconds)}`, value };
  if (state === 'starting') return { text: 'starting', value };
  if (state === 'draining') return { text: `draining ${busy}/${slots}`, value, tone: 'warn' };
  const beside = ` ${busy}/${slots}${isKeptFrom(worker, idle) ? ' !' : ''}`;
  return { text: slotBar(busy, slots, SLOTS_WIDTH - beside.length - 2) + beside, value };
}

/** Whether slots stay empty for another reason than that there is nothing to do. */
function isKeptFrom({ holdingBack }: WorkerSnapshot, idle: Idleness | undefined): boolean {
  return holdingBack !== undefined || (idle !== undefined && idle.kind !== 'usual');
}

function memoryCell({ memoryMb, memoryLimitMb }: WorkerSnapshot): Cell {
  const share = limitShare(memoryMb, memoryLimitMb);
  const severity = limitSeverity(share);
  const text = `${severity ? '!' : ''}${formatMemory(memoryMb)} ${formatPercent(share)}`;
  const tone: Tone = severity === 'error' ? 'bad' : 'warn';
  return { text, value: memoryMb, ...(severity ? { tone } : {}) };
}

/** Undefined in the first minute: too short for a rate. */
function perHour({ completed }: WorkerSnapshot, upSeconds: number): number | undefined {
  return upSeconds < 60 ? undefined : (completed * 3600) / upSeconds;
}

function noteCell(worker: WorkerSnapshot, idle: Idleness | undefined): Cell {
  const { holdingBack, isPid1, state } = worker;
  if (state === 'lost') return { text: 'no sign of life' };
  if (holdingBack !== undefined) return { text: `takes no jobs: ${holdingBack}`, tone: 'warn' };
  if (idle && idle.kind !== 'usual') return { text: idle.reason, tone: toneOf(idle) };
  return { text: isPid1 ? 'process 1, without an init' : (idle?.reason ?? '') };
}

function toneOf({ kind }: Idleness): Tone {
  return kind === 'stuck' ? 'bad' : 'warn';
}

function detailOf(
  worker: WorkerSnapshot,
  upSeconds: number,
  idle: Idleness | undefined,
): [string, string][] {
  const { memoryMb, memoryLimitMb, cpuCores, cpuLimitCores, running } = worker;
  return [
    ['state', `${worker.state}, last heard of ${formatSeconds(worker.silentSeconds)} ago`],
    [
      'process',
      `${worker.pid} on ${worker.host}, dsw ${worker.version}, up ${formatSeconds(upSeconds)}`,
    ],
    [
      'slots',
      `${worker.busy} of ${worker.slots} busy; replaced ${worker.recycled} so far, each after ${worker.maxTasksPerSlot || 'no number of'} jobs`,
    ],
    ['queues', worker.queues.join(', ')],
    ['memory', `${formatMemory(memoryMb)} of ${formatMemory(memoryLimitMb)}`],
    ['cpu', `${cpuCores.toFixed(2)} of ${cpuLimitCores} cores`],
    ['jobs', `${worker.completed} done, ${worker.failed} tries failed`],
    [
      'redis',
      `${worker.redisRoundTripMs.toFixed(1)} ms away, clocks ${worker.clockSkewMs} ms apart`,
    ],
    ['lease, drain', `${worker.leaseSeconds} s, ${worker.drainSeconds} s`],
    ...(idle ? [['free slots', idle.reason] as [string, string]] : []),
    ['holds back', worker.holdingBack ?? 'no'],
    ...running.map((job): [string, string] => [
      'runs',
      `${job.task} ${job.label ?? job.id} ${job.progress ?? ''}`,
    ]),
  ];
}
