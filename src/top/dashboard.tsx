import { Box, Text } from 'ink';
import type {
  QueueSnapshot,
  RunningJob,
  SystemSnapshot,
  WorkerSnapshot,
} from '../planning/snapshot.js';
import { utilizationBand, utilizationOf } from '../planning/utilization.js';
import { formatPercent, formatSeconds } from '../planning/readable.js';
import { clip, slotBar } from './format.js';

const BAND_COLORS = {
  'over-provisioned': 'cyan',
  good: 'green',
  high: 'yellow',
  'at capacity': 'red',
} as const;

export interface DashboardProps {
  snapshot: SystemSnapshot;
  width: number;
}

/** The state of the system at a glance: is it enough, is anything wrong, where. */
export function Dashboard({ snapshot, width }: DashboardProps) {
  return (
    <Box flexDirection="column" width={width}>
      <Capacity snapshot={snapshot} />
      <Rule title="QUEUES" width={width} />
      <Queues queues={snapshot.queues} />
      <Rule title="WORKERS" width={width} />
      <Workers workers={snapshot.workers} at={snapshot.at} />
      <Rule title="RUNNING" width={width} />
      <Running workers={snapshot.workers} at={snapshot.at} width={width} />
    </Box>
  );
}

function Rule({ title, width }: { title: string; width: number }) {
  return <Text dimColor>{` ${title} ${'─'.repeat(Math.max(0, width - title.length - 3))}`}</Text>;
}

function Capacity({ snapshot }: { snapshot: SystemSnapshot }) {
  const alive = snapshot.workers.filter(({ state }) => state !== 'lost');
  const slots = alive.reduce((sum, worker) => sum + worker.slots, 0);
  const busy = alive.reduce((sum, worker) => sum + worker.busy, 0);
  const utilization = utilizationOf(busy, slots);
  const band = utilizationBand(utilization);
  const holder = snapshot.beats.find((beat) => beat.holder);
  const standbys = snapshot.beats.length - (holder ? 1 : 0);
  return (
    <Box flexDirection="column">
      <Text>
        {' slots '}
        <Text color={BAND_COLORS[band.name]}>{slotBar(busy, slots, 32)}</Text>
        {` ${busy}/${slots}  ${formatPercent(utilization)}  ${band.name}: ${band.advice}`}
      </Text>
      <Text dimColor>
        {` beat  ${holder ? holder.id : 'none'}${standbys > 0 ? ` (+${standbys} standby)` : ''}`}
      </Text>
    </Box>
  );
}

function Queues({ queues }: { queues: readonly QueueSnapshot[] }) {
  const cell = (text: string | number): string => String(text).padStart(9);
  return (
    <Box flexDirection="column">
      <Text
        dimColor
      >{`   ${'queue'.padEnd(14)}${['waiting', 'active', 'delayed', 'dead', 'oldest'].map(cell).join('')}`}</Text>
      {queues.map((queue) => (
        <Text
          key={queue.name}
          dimColor={queue.waiting + queue.active + queue.delayed + queue.dead === 0}
        >
          {`   ${queue.name.padEnd(14)}`}
          {[queue.waiting, queue.active, queue.delayed].map(cell).join('')}
          <Text {...(queue.dead > 0 ? { color: 'red' } : {})}>{cell(queue.dead)}</Text>
          {cell(
            queue.oldestWaitSeconds === undefined ? '–' : formatSeconds(queue.oldestWaitSeconds),
          )}
        </Text>
      ))}
    </Box>
  );
}

function Workers({ workers, at }: { workers: readonly WorkerSnapshot[]; at: number }) {
  if (workers.length === 0)
    return <Text dimColor>{'   no worker runs; start one: dsw worker --concurrency 4'}</Text>;
  return (
    <Box flexDirection="column">
      {workers.map((worker) => (
        <Text key={worker.id} {...(worker.state === 'lost' ? { color: 'red' } : {})}>
          {`   ${worker.id.padEnd(14)}`}
          {`${slotBar(worker.busy, worker.slots)} ${worker.busy}/${worker.slots} ${formatPercent(utilizationOf(worker.busy, worker.slots)).padEnd(6)}`}
          {` ${worker.memoryMb} MB  ${worker.completed} done`}
          {worker.failed > 0 ? `, ${worker.failed} failed` : ''}
          {`  up ${formatSeconds((at - worker.startedAt) / 1000)}`}
          {worker.state === 'running' ? '' : `  ${worker.state}`}
        </Text>
      ))}
    </Box>
  );
}

const RUNNING_ROWS = 6;

function Running({
  workers,
  at,
  width,
}: {
  workers: readonly WorkerSnapshot[];
  at: number;
  width: number;
}) {
  const jobs = workers.flatMap((worker) =>
    worker.running.map((job) => ({ job, worker: worker.id })),
  );
  if (jobs.length === 0) return <Text dimColor>{'   nothing runs'}</Text>;
  return (
    <Box flexDirection="column">
      {jobs.slice(0, RUNNING_ROWS).map(({ job, worker }) => (
        <Text key={job.id}>{clip(runningLine(job, worker, at), width)}</Text>
      ))}
      {jobs.length > RUNNING_ROWS ? (
        <Text dimColor>{`   and ${jobs.length - RUNNING_ROWS} more`}</Text>
      ) : null}
    </Box>
  );
}

function runningLine(job: RunningJob, worker: string, at: number): string {
  const elapsed = formatSeconds((at - job.startedAt) / 1000).padStart(6);
  const label = clip(job.label ?? job.id, 26).padEnd(27);
  return `   ${job.task.padEnd(9)} ${label} ${(job.progress ?? '').padEnd(10)} ${elapsed}  ${worker}`;
}
