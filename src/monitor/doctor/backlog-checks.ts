import { formatPercent, formatSeconds } from '../../planning/readable.js';
import type { QueueFigures } from '../../planning/system-figures.js';
import { listOf, type Check, type Examination, type Finding } from './check.js';

/** A backlog counts as growing when it has, by so many jobs at least, over the last minutes. */
const GROWTH_JOBS = 10;
const GROWTH_RATIO = 1.25;
const FEWEST_TRIES = 10;
/** A job that runs so many times as long as the 99th percentile is stuck, or as good as. */
const STUCK_RATIO = 3;
const STUCK_SECONDS = 60;

export const BACKLOG_CHECKS: Check[] = [
  {
    id: 'backlog-growing',
    look: (examination) =>
      examination.figures.queues.filter(isGrowing).map((queue) => ({
        severity: queue.name === 'high_priority' ? ('error' as const) : ('warning' as const),
        title: `the backlog of ${queue.name} grows`,
        evidence: `${growth(queue)}: ${causes(examination).join('; ')}`,
        consequence: `jobs wait longer and longer; the oldest has for ${formatSeconds(queue.oldestWaitSeconds ?? 0)}`,
        fix: `now: add replicas (dsw worker scale <n>). For good: ${remedies(examination)}`,
      })),
  },
  { id: 'stuck-jobs', look: stuckJobs },
  {
    id: 'failure-rate',
    look: ({ figures }) => failures(figures.flow.failed, figures.flow.completed),
  },
  {
    id: 'slower-tasks',
    look: ({ figures }) =>
      figures.tasks
        .filter(({ meanDrift }) => meanDrift === 'slower')
        .map(({ task, now, baseline }) => ({
          severity: 'warning' as const,
          title: `${task} is slower than usual`,
          evidence: `${formatSeconds(now.meanSeconds ?? 0)} on average in the last 15 minutes, ${formatSeconds(baseline.meanSeconds ?? 0)} over the day before`,
          consequence: 'the same slots get less done, and queues build up',
          fix: 'look for larger documents, a slow service that it calls, or slots that share too few cores (dsw top)',
        })),
  },
  {
    id: 'dead-letters',
    look: ({ figures }) =>
      figures.dead === 0
        ? []
        : [
            {
              severity: 'warning' as const,
              title: `${figures.dead} dead letter${figures.dead === 1 ? '' : 's'}`,
              evidence: listOf(
                figures.queues
                  .filter(({ dead }) => dead > 0)
                  .map(({ name, dead }) => `${dead} in ${name}`),
              ),
              consequence: 'these documents were not processed',
              fix: 'see why: dsw jobs list --state dead; then dsw jobs retry <id> or dsw jobs discard <id>',
            },
          ],
  },
];

/** From the first count of the last quarter of an hour to now. */
function startOf({ flow }: QueueFigures): number | undefined {
  return flow.waitingPerMinute.find((waiting) => waiting !== undefined);
}

function isGrowing(queue: QueueFigures): boolean {
  const before = startOf(queue);
  if (before === undefined || queue.paused) return false;
  return queue.waiting - before >= GROWTH_JOBS && queue.waiting >= before * GROWTH_RATIO;
}

function growth(queue: QueueFigures): string {
  const { inPerHour, outPerHour } = queue.flow;
  const rates =
    inPerHour === undefined || outPerHour === undefined
      ? ''
      : ` (${Math.round(inPerHour)}/h in, ${Math.round(outPerHour)}/h out)`;
  return `${startOf(queue) ?? 0} → ${queue.waiting} waiting${rates}`;
}

/** Why a backlog grows, as far as the figures tell. */
function causes(examination: Examination): string[] {
  const { figures, settings } = examination;
  const { capacity, flow, tasks } = figures;
  const slower = tasks.filter(({ meanDrift }) => meanDrift === 'slower').map(({ task }) => task);
  const found: string[] = [];
  if (capacity.slots === 0) found.push('there is no slot');
  else if (capacity.utilization > 0.8)
    found.push(`too few slots: ${capacity.busy} of ${capacity.slots} are busy`);
  const missing = (settings.expected.workers ?? 0) - capacity.workers.running;
  if (missing > 0) found.push(`${missing} workers are missing`);
  if (slower.length > 0) found.push(`slower than their baseline: ${listOf(slower)}`);
  if (failures(flow.failed, flow.completed).length > 0)
    found.push(`${formatPercent(1 - (flow.successRate ?? 1))} of the tries fail and are repeated`);
  if (stuckJobs(examination).length > 0) found.push('slots are held by stuck jobs');
  const limit = settings.jobs.hardLimitSeconds;
  const p99 = figures.service.p99Seconds;
  if (limit !== undefined && p99 !== undefined && limit > 10 * p99)
    found.push(
      `jobs.hardLimitSeconds ${limit} is more than ten times the p99 of ${formatSeconds(p99)}`,
    );
  return found.length > 0 ? found : ['more comes in than the slots get done'];
}

function remedies({ figures, settings }: Examination): string {
  const p99 = figures.service.p99Seconds;
  const limit =
    settings.jobs.hardLimitSeconds === undefined && p99 !== undefined
      ? `set jobs.hardLimitSeconds to about ${Math.ceil(3 * p99)}`
      : 'lower jobs.hardLimitSeconds if it is far above what jobs take';
  return `${limit}, make tasks faster, cache what repeats, and size with dsw plan`;
}

function stuckJobs({ snapshot, figures }: Examination): Finding[] {
  const usual = new Map(
    figures.tasks.map(({ task, now, baseline }) => [task, baseline.p99Seconds ?? now.p99Seconds]),
  );
  return snapshot.workers.flatMap(({ id: worker, running }) =>
    running.flatMap(({ id, task, startedAt }) => {
      const seconds = (snapshot.at - startedAt) / 1000;
      const p99 = usual.get(task);
      if (p99 === undefined || seconds < Math.max(STUCK_SECONDS, STUCK_RATIO * p99)) return [];
      return [
        {
          severity: 'warning' as const,
          title: `${task} ${id} seems stuck`,
          evidence: `it has run on ${worker} for ${formatSeconds(seconds)}; 99 of 100 end within ${formatSeconds(p99)}`,
          consequence: 'it holds a slot',
          fix: `dsw jobs cancel ${id}; to end such jobs by themselves set jobs.hardLimitSeconds`,
        },
      ];
    }),
  );
}

/** The guides' two lines: more than 95 % should succeed, more than 10 % failures is an alarm. */
function failures(failed: number, completed: number): Finding[] {
  const tries = failed + completed;
  if (tries < FEWEST_TRIES) return [];
  const rate = failed / tries;
  if (rate < 0.05) return [];
  const isHigh = rate > 0.1;
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
