import { limitShare } from './limit-share.js';
import type { SystemSnapshot, WorkerSnapshot } from './snapshot.js';
import type { SystemFigures } from './system-figures.js';

/** What a rule may watch. Shares are between 0 and 1. */
export const ALERT_METRICS = [
  'waiting.high_priority',
  'waiting.default',
  'waiting.low_priority',
  'waiting.maintenance',
  'waiting',
  'dead',
  'delayed',
  'oldestWaitSeconds',
  'activeWorkers',
  'missingWorkers',
  'slots',
  'utilization',
  'failureRate',
  'successRate',
  'throughputPerHour',
  'waitP95Seconds',
  'serviceP95Seconds',
  'memoryShare',
  'redisMemoryShare',
  'redisRoundTripMs',
  'schedulers',
  'overdueSchedules',
] as const;

export type AlertMetric = (typeof ALERT_METRICS)[number];

/** What the metrics are read from. */
export interface AlertSubject {
  snapshot: SystemSnapshot;
  figures: SystemFigures;
  /** How many workers there should be; undefined when nobody said. */
  expectedWorkers: number | undefined;
}

/** Tries before a share of failures says anything. */
const FEWEST_TRIES = 10;

type Reader = (subject: AlertSubject) => number | undefined;

const READERS: Record<Exclude<AlertMetric, `waiting.${string}`>, Reader> = {
  waiting: ({ figures }) => figures.waiting,
  dead: ({ figures }) => figures.dead,
  delayed: ({ figures }) => figures.delayed,
  oldestWaitSeconds: ({ figures }) => figures.oldestWaitSeconds ?? 0,
  activeWorkers,
  missingWorkers: (subject) =>
    subject.expectedWorkers === undefined
      ? undefined
      : Math.max(0, subject.expectedWorkers - activeWorkers(subject)),
  slots: ({ figures }) => figures.capacity.slots,
  utilization: ({ figures }) => figures.capacity.utilization,
  failureRate: ({ figures }) => {
    const rate = successRate(figures);
    return rate === undefined ? undefined : 1 - rate;
  },
  successRate: ({ figures }) => successRate(figures),
  throughputPerHour: ({ figures }) => figures.flow.outPerHour,
  waitP95Seconds: ({ figures }) => figures.flow.wait.p95Seconds,
  serviceP95Seconds: ({ figures }) => figures.service.p95Seconds,
  memoryShare: ({ snapshot }) => {
    const fullest = fullestWorker(snapshot);
    return fullest && memoryShareOf(fullest);
  },
  redisMemoryShare: ({ snapshot: { redis } }) =>
    redis.maxMemoryMb > 0 ? limitShare(redis.usedMemoryMb, redis.maxMemoryMb) : undefined,
  redisRoundTripMs: ({ snapshot }) => snapshot.redis.roundTripMs,
  schedulers: ({ snapshot }) => snapshot.beats.length,
  overdueSchedules: ({ snapshot }) => snapshot.schedules.filter(({ overdue }) => overdue).length,
};

/** The value of a metric now; undefined when it can't be told. */
export function readAlertMetric(metric: AlertMetric, subject: AlertSubject): number | undefined {
  if (metric in READERS) return READERS[metric as keyof typeof READERS](subject);
  const queue = metric.slice('waiting.'.length);
  return subject.figures.queues.find(({ name }) => name === queue)?.waiting;
}

/** Workers that take jobs. */
function activeWorkers({ figures }: AlertSubject): number {
  return figures.capacity.workers.running;
}

function successRate({ flow }: SystemFigures): number | undefined {
  return flow.completed + flow.failed < FEWEST_TRIES ? undefined : flow.successRate;
}

/** The worker that is nearest to its limit of memory. */
export function fullestWorker({ workers }: SystemSnapshot): WorkerSnapshot | undefined {
  return workers
    .filter(({ state, memoryLimitMb }) => state !== 'lost' && memoryLimitMb > 0)
    .sort((a, b) => memoryShareOf(b) - memoryShareOf(a))[0];
}

function memoryShareOf({ memoryMb, memoryLimitMb }: WorkerSnapshot): number {
  return limitShare(memoryMb, memoryLimitMb);
}
