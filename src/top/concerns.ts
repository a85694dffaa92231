import { beyondNorm, type QueueNorms } from '../planning/queue-norm.js';
import { formatPercent, formatSeconds } from '../planning/readable.js';
import type { SystemSnapshot, WorkerSnapshot } from '../planning/snapshot.js';
import type { SystemFigures } from '../planning/system-figures.js';

/** Something to look into. */
export interface Concern {
  severity: 'error' | 'warning';
  /** What it is about: a queue, a worker, a task. */
  about: string;
  text: string;
}

const MEMORY_SHARE = 0.8;
const FAILURE_SHARE = 0.1;
/** Tries before a share of failures says anything. */
const FEWEST_TRIES = 10;

/** What of the state needs a look, errors first. */
export function concernsOf(
  snapshot: SystemSnapshot,
  figures: SystemFigures,
  norms: QueueNorms,
): Concern[] {
  const found = [
    ...snapshot.workers.flatMap(ofWorker),
    ...ofRedis(snapshot),
    ...ofBeat(snapshot),
    ...figures.queues.flatMap((queue) => {
      const text = queue.paused ? undefined : beyondNorm(queue, norms[queue.name]);
      return text === undefined ? [] : [warning(queue.name, text)];
    }),
    ...ofTries(figures),
    ...figures.tasks.flatMap(({ task, meanDrift, now, baseline }) =>
      meanDrift === 'slower'
        ? [
            warning(
              task,
              `takes ${formatSeconds(now.meanSeconds ?? 0)} on average, ${formatSeconds(baseline.meanSeconds ?? 0)} over the last day`,
            ),
          ]
        : [],
    ),
  ];
  return found.sort((a, b) => a.severity.localeCompare(b.severity));
}

function warning(about: string, text: string): Concern {
  return { severity: 'warning', about, text };
}

function error(about: string, text: string): Concern {
  return { severity: 'error', about, text };
}

function ofWorker(worker: WorkerSnapshot): Concern[] {
  const { id, state, silentSeconds, holdingBack, memoryMb, memoryLimitMb, busy } = worker;
  if (state === 'lost') {
    const jobs = busy > 0 ? `; what it ran (${busy}) goes to others` : '';
    return [error(id, `lost: no sign of life for ${formatSeconds(silentSeconds)}${jobs}`)];
  }
  const share = memoryLimitMb > 0 ? memoryMb / memoryLimitMb : 0;
  return [
    ...(holdingBack === undefined ? [] : [warning(id, `takes no jobs: ${holdingBack}`)]),
    ...(share > MEMORY_SHARE
      ? [warning(id, `memory at ${formatPercent(share)}: fewer slots, or more memory`)]
      : []),
  ];
}

function ofRedis({ redis }: SystemSnapshot): Concern[] {
  const share = redis.maxMemoryMb > 0 ? redis.usedMemoryMb / redis.maxMemoryMb : 0;
  return [
    ...(redis.role === 'replica' ? [error('redis', 'is a replica: it takes no writes')] : []),
    ...(share > MEMORY_SHARE
      ? [warning('redis', `memory at ${formatPercent(share)} of its maxmemory`)]
      : []),
  ];
}

function ofBeat({ beats, schedules }: SystemSnapshot): Concern[] {
  const late = schedules.filter(({ overdue }) => overdue).map(({ name }) => name);
  return [
    ...(beats.some(({ holder }) => holder)
      ? []
      : [warning('beat', 'no scheduler runs, nothing periodic is sent: dsw beat')]),
    ...(late.length > 0 ? [error('beat', `overdue: ${late.join(', ')}`)] : []),
  ];
}

function ofTries({ flow }: SystemFigures): Concern[] {
  const { successRate, completed, failed } = flow;
  if (successRate === undefined || completed + failed < FEWEST_TRIES) return [];
  if (1 - successRate <= FAILURE_SHARE) return [];
  return [
    error(
      'tries',
      `${failed} of ${completed + failed} failed in the last 15 minutes: look at the reasons in DEAD LETTERS`,
    ),
  ];
}
