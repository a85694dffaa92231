import { durationFigures, type DurationFigures } from './duration-figures.js';
import {
  emptyHistogram,
  meanSeconds,
  varianceSeconds,
  withoutHistogram,
  type Histogram,
} from './histogram.js';
import type { FlowBucket, TaskFlow, TimeLimits, WorkerSnapshot } from './snapshot.js';

/** How long a task takes now compared with its last day. `unknown`: too few jobs to tell. */
export type Drift = 'slower' | 'faster' | 'steady' | 'unknown';

/** A drift as one character: between what is now and what was. */
export const DRIFT_ARROWS: Record<Drift, string> = {
  slower: '↑',
  faster: '↓',
  steady: '=',
  unknown: ' ',
};

/** How a task does: in the last quarter of an hour, and in the day before that. */
export interface TaskFigures {
  task: string;
  /** Tries that completed and that failed in the last quarter of an hour. */
  completed: number;
  failed: number;
  /** Service time of the last quarter of an hour. */
  now: DurationFigures;
  /** Service time of the last day without the last quarter of an hour. */
  baseline: DurationFigures;
  meanDrift: Drift;
  p95Drift: Drift;
  /** Share of its service time that a job spends on a CPU, over the last day. */
  cpuShare: number | undefined;
  /** As the workers have them. */
  timeLimits: TimeLimits;
}

/** A change by less than a quarter is no news. */
const NEWS_RATIO = 1.25;
/** So many jobs at least, now and in the baseline, before a mean or a 95th percentile is compared. */
const FEWEST = { mean: { now: 5, baseline: 20 }, p95: { now: 20, baseline: 100 } };

/**
 * Figures of every task seen in the last day, busiest first.
 * @param recent what flowed in the last quarter of an hour.
 * @param day what flowed in the last day, the last quarter of an hour included.
 * @param workers by which the tasks are run.
 */
export function taskFigures(
  recent: FlowBucket,
  day: FlowBucket,
  workers: readonly WorkerSnapshot[],
): TaskFigures[] {
  return [...new Set([...day.tasks.keys(), ...recent.tasks.keys()])]
    .map((task) => ({
      ...figuresOf(task, recent.tasks.get(task), day.tasks.get(task)),
      timeLimits: workers.find(({ timeLimits }) => timeLimits[task])?.timeLimits[task] ?? {},
    }))
    .sort((a, b) => b.now.count - a.now.count || b.baseline.count - a.baseline.count);
}

function figuresOf(
  task: string,
  recent: TaskFlow | undefined,
  day: TaskFlow | undefined,
): Omit<TaskFigures, 'timeLimits'> {
  const nowHistogram = recent?.service ?? emptyHistogram();
  const dayHistogram = day?.service ?? emptyHistogram();
  const before = withoutHistogram(dayHistogram, nowHistogram);
  const [now, baseline] = [durationFigures(nowHistogram), durationFigures(before)];
  return {
    task,
    completed: recent?.completed ?? 0,
    failed: recent?.failed ?? 0,
    now,
    baseline,
    meanDrift: meanDrift(nowHistogram, before),
    p95Drift: p95Drift(now, baseline),
    cpuShare:
      day && dayHistogram.sumSeconds > 0
        ? Math.min(1, day.cpuSeconds / dayHistogram.sumSeconds)
        : undefined,
  };
}

/** A mean has moved when it did by a quarter, and by more than two standard errors. */
function meanDrift(now: Histogram, baseline: Histogram): Drift {
  const [mean, usual] = [meanSeconds(now), meanSeconds(baseline)];
  const tooFew = now.count < FEWEST.mean.now || baseline.count < FEWEST.mean.baseline;
  if (tooFew || mean === undefined || usual === undefined) return 'unknown';
  const error = Math.sqrt(varianceSeconds(baseline) / now.count);
  return Math.abs(mean - usual) > 2 * error ? driftOf(mean / usual) : 'steady';
}

function p95Drift(now: DurationFigures, baseline: DurationFigures): Drift {
  const tooFew = now.count < FEWEST.p95.now || baseline.count < FEWEST.p95.baseline;
  if (tooFew || now.p95Seconds === undefined || baseline.p95Seconds === undefined) return 'unknown';
  return driftOf(now.p95Seconds / baseline.p95Seconds);
}

function driftOf(ratio: number): Drift {
  if (ratio > NEWS_RATIO) return 'slower';
  return ratio < 1 / NEWS_RATIO ? 'faster' : 'steady';
}
