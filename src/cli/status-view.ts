import type { Diagnosis } from '../monitor/doctor/diagnose.js';
import type { Picture } from '../monitor/picture.js';
import type { ReplicaDecision } from '../planning/decide-replicas.js';
import { describeThroughput } from '../planning/flow-figures.js';
import { formatPercent, formatSeconds } from '../planning/readable.js';
import type { SystemSnapshot, WorkerSnapshot } from '../planning/snapshot.js';
import type { QueueFigures, SystemFigures } from '../planning/system-figures.js';
import { DRIFT_ARROWS, type TaskFigures } from '../planning/task-figures.js';
import { describeUtilization } from '../planning/utilization.js';
import { whyIdle } from '../planning/why-idle.js';
import { formatTable, wrapText, type Column } from './output.js';

/** The state of a system as JSON tells it. */
export interface Status extends Pick<
  SystemSnapshot,
  'redis' | 'workers' | 'supervisors' | 'beats' | 'schedules'
> {
  version: 1;
  at: string;
  figures: SystemFigures;
  advice: Pick<ReplicaDecision, 'replicas' | 'reason' | 'limitedBy'>;
  findings: Diagnosis[];
}

export function statusOf({ snapshot, figures, decision, diagnosis }: Picture): Status {
  const { redis, workers, supervisors, beats, schedules } = snapshot;
  const { replicas, reason, limitedBy } = decision;
  return {
    version: 1,
    at: new Date(snapshot.at).toISOString(),
    figures,
    advice: { replicas, reason, limitedBy },
    redis,
    workers,
    supervisors,
    beats,
    schedules,
    findings: diagnosis.findings,
  };
}

const WIDTH = 80;
const clip = (text: string): string =>
  text.length > WIDTH ? `${text.slice(0, WIDTH - 1)}…` : text;
const seconds = (value: number | undefined): string =>
  value === undefined ? '–' : formatSeconds(value);

const QUEUE_COLUMNS: Column<QueueFigures>[] = [
  { title: 'QUEUE', value: ({ name, paused }) => (paused ? `${name} (paused)` : name) },
  { title: 'WAITING', align: 'right', value: ({ waiting }) => String(waiting) },
  { title: 'RUNNING', align: 'right', value: ({ running }) => String(running) },
  { title: 'DELAYED', align: 'right', value: ({ delayed }) => String(delayed) },
  { title: 'DEAD', align: 'right', value: ({ dead }) => String(dead) },
  { title: 'OLDEST', align: 'right', value: ({ oldestWaitSeconds }) => seconds(oldestWaitSeconds) },
];

/** What a lost worker said last is true no more. */
function unlessLost(tell: (worker: WorkerSnapshot) => string) {
  return (worker: WorkerSnapshot): string => (worker.state === 'lost' ? '–' : tell(worker));
}

const workerColumns = ({ figures }: Status): Column<Status['workers'][number]>[] => [
  { title: 'WORKER', value: ({ id }) => (id.length > 26 ? `${id.slice(0, 25)}…` : id) },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'SLOTS', align: 'right', value: unlessLost(({ busy, slots }) => `${busy}/${slots}`) },
  {
    title: 'MEMORY',
    align: 'right',
    value: unlessLost(
      ({ memoryMb, memoryLimitMb }) => `${Math.round(memoryMb)}/${Math.round(memoryLimitMb)} MB`,
    ),
  },
  { title: 'CPU', align: 'right', value: unlessLost(({ cpuCores }) => formatPercent(cpuCores)) },
  { title: 'FREE SLOTS', value: (worker) => whyIdle(worker, figures)?.reason ?? '' },
];

const compare = (
  { now, baseline, ...drifts }: TaskFigures,
  [time, drift]: ['meanSeconds', 'meanDrift'] | ['p95Seconds', 'p95Drift'],
): string => `${seconds(now[time])} ${DRIFT_ARROWS[drifts[drift]]} ${seconds(baseline[time])}`;

const TASK_COLUMNS: Column<TaskFigures>[] = [
  { title: 'TASK', value: ({ task }) => (task.length > 22 ? `${task.slice(0, 21)}…` : task) },
  {
    title: 'MEAN, DAY',
    align: 'right',
    value: (task) => compare(task, ['meanSeconds', 'meanDrift']),
  },
  { title: 'P95, DAY', align: 'right', value: (task) => compare(task, ['p95Seconds', 'p95Drift']) },
  { title: 'DONE', align: 'right', value: ({ completed }) => String(completed) },
  { title: 'FAILED', align: 'right', value: ({ failed }) => String(failed) },
  { title: 'LIMIT', align: 'right', value: ({ timeLimits }) => seconds(timeLimits.hardSeconds) },
];

/** The state for people, in 80 columns. */
export function formatStatus(status: Status): string {
  const { figures, advice, workers, beats, findings } = status;
  const { capacity, flow, service } = figures;
  const { busy, slots } = capacity;
  const ok = flow.successRate === undefined ? '–' : formatPercent(flow.successRate);
  const holder = beats.find((beat) => beat.holder)?.id ?? 'none works';
  const lines = [
    slots === 0
      ? 'slots    none: no worker takes jobs'
      : `slots    ${busy}/${slots} busy, ${describeUtilization(capacity)}`,
    `flow     ${describeThroughput(flow)}  ok ${ok}`,
    `wait     p50 ${seconds(flow.wait.p50Seconds)}  p95 ${seconds(flow.wait.p95Seconds)}   service p50 ${seconds(service.p50Seconds)}  p95 ${seconds(service.p95Seconds)}`,
    `beat     ${holder} (+${beats.filter((beat) => !beat.holder).length} standby)`,
    ...wrapText(`do       ${advice.reason}`, 9),
    '',
    formatTable(QUEUE_COLUMNS, figures.queues),
    '',
    workers.length === 0 ? 'No workers: dsw worker' : formatTable(workerColumns(status), workers),
    '',
    ...(figures.tasks.length === 0 ? [] : [formatTable(TASK_COLUMNS, figures.tasks), '']),
    ...(findings.length === 0
      ? ['Nothing wrong.']
      : findings.map(({ severity, title, evidence }) => `${severity}: ${title}: ${evidence}`)),
    ...(findings.length === 0 ? [] : ['What to do: dsw doctor']),
  ];
  return lines
    .flatMap((line) => line.split('\n'))
    .map(clip)
    .join('\n');
}
