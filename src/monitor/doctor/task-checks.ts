import { ALERT_THRESHOLDS } from '../../planning/guide/advice.js';
import { formatPercent, formatSeconds } from '../../planning/readable.js';
import type { TaskFigures } from '../../planning/task-figures.js';
import { listOf, type Check, type Examination, type Finding } from './check.js';

const FEWEST_TRIES = 10;
/** Of fewer tries, nobody knows how long 99 of 100 take. */
const FEWEST_TIMED = 20;
/** A hard limit so many times the 99th percentile ends nothing that is stuck in good time. */
const LOOSE_LIMIT = 10;
/** And one so near to it ends jobs that were about to finish. */
const TIGHT_LIMIT = 1.2;

export const TASK_CHECKS: Check[] = [
  { id: 'failure-rate', look: failureRate },
  { id: 'slower-tasks', look: ({ figures }) => figures.tasks.filter(isSlower).map(slower) },
  { id: 'time-limits', look: ({ figures }) => figures.tasks.flatMap(timeLimits) },
  { id: 'dead-letters', look: deadLetters },
];

/** The guides' two lines: more than 95 % should succeed, more than 10 % failures is an alarm. */
export function failureRate({ figures: { flow } }: Examination): Finding[] {
  const { failed, completed } = flow;
  const tries = failed + completed;
  const rate = failed / tries;
  if (tries < FEWEST_TRIES || rate < 1 - ALERT_THRESHOLDS.successRateAbove) return [];
  const isHigh = rate > ALERT_THRESHOLDS.failureRateAbove;
  return [
    {
      severity: isHigh ? 'error' : 'warning',
      title: isHigh ? 'more than 10 % of the tries fail' : 'fewer than 95 % of the tries succeed',
      evidence: `${failed} of ${tries} failed in the last 15 minutes (${formatPercent(rate)})`,
      consequence: 'failed tries take slots from others, and end as dead letters',
      fix: 'see the reasons: dsw jobs list --state dead,delayed; and the logs of the workers',
    },
  ];
}

export function isSlower({ meanDrift, p95Drift }: TaskFigures): boolean {
  return meanDrift === 'slower' || p95Drift === 'slower';
}

function slower({ task, now, baseline }: TaskFigures): Finding {
  const compare = (name: 'meanSeconds' | 'p95Seconds'): string =>
    `${formatSeconds(now[name] ?? 0)} (${formatSeconds(baseline[name] ?? 0)} over the day before)`;
  return {
    severity: 'warning',
    title: `${task} is slower than usual`,
    evidence: `in the last 15 minutes on average ${compare('meanSeconds')}, p95 ${compare('p95Seconds')}`,
    consequence: 'the same slots get less done, and queues build up',
    fix: 'look for larger documents, a slow service that it calls, or slots that share too few cores (dsw top)',
  };
}

/** What 99 of 100 tries of a task take, by its last day or else by now. */
export function usualSeconds({ baseline, now }: TaskFigures): number | undefined {
  return [baseline, now].find(({ count }) => count >= FEWEST_TIMED)?.p99Seconds;
}

/** A limit far above what jobs take frees no stuck slot; one at what they take ends good jobs. */
export function timeLimits(figures: TaskFigures): Finding[] {
  const { task, completed, failed } = figures;
  // One that only fails says nothing of what it takes.
  if (completed === 0 && failed > 0) return [];
  const p99 = usualSeconds(figures);
  const hard = figures.timeLimits.hardSeconds;
  if (p99 === undefined || hard === undefined) return [];
  const isLoose = hard > LOOSE_LIMIT * p99 && hard > 60;
  if (!isLoose && hard > TIGHT_LIMIT * p99) return [];
  return [
    {
      severity: 'warning',
      title: `the time limit of ${task} is too ${isLoose ? 'high' : 'tight'}`,
      evidence: `its hard limit is ${formatSeconds(hard)}; 99 of 100 end within ${formatSeconds(p99)}`,
      consequence: isLoose
        ? 'a job that hangs holds its slot for all that time'
        : 'jobs that were about to finish are ended and run again',
      fix: `hardLimitSeconds: ${Math.ceil(3 * p99)} for the task, or under jobs in dsw.yaml for all`,
    },
  ];
}

function deadLetters({ figures }: Examination): Finding[] {
  if (figures.dead === 0) return [];
  return [
    {
      severity: 'warning',
      title: `${figures.dead} dead letter${figures.dead === 1 ? '' : 's'}`,
      evidence: listOf(
        figures.queues.filter(({ dead }) => dead > 0).map(({ name, dead }) => `${dead} in ${name}`),
      ),
      consequence: 'these documents were not processed',
      fix: 'see why: dsw jobs list --state dead; then run all again: dsw jobs retry --state dead, or drop them: dsw jobs discard --state dead',
    },
  ];
}
