import { SCALING_TRIGGERS } from '../../planning/guide/advice.js';
import { beyondNorm } from '../../planning/queue-norm.js';
import { formatPercent, formatSeconds } from '../../planning/readable.js';
import { addReplicaCommand, scaleCommand } from '../../planning/scale-command.js';
import type { QueueFigures } from '../../planning/system-figures.js';
import { listOf, type Check, type Examination, type Finding } from './check.js';
import { failureRate, isSlower, timeLimits, usualSeconds } from './task-checks.js';

/** A backlog counts as growing when it has, by so many jobs at least, over the last minutes. */
const GROWTH_JOBS = 10;
const GROWTH_RATIO = 1.25;
/** Busy to this share, slots are what jobs wait for. */
const FEW_SLOTS = 0.8;
/** A job that runs so many times as long as the 99th percentile is stuck, or as good as. */
const STUCK_RATIO = 3;
const STUCK_SECONDS = 60;

export const BACKLOG_CHECKS: Check[] = [
  {
    id: 'backlog-growing',
    look: (examination) =>
      examination.figures.queues.filter(isGrowing).map((queue) => growing(queue, examination)),
  },
  {
    id: 'beyond-norm',
    look: (examination) =>
      examination.figures.queues
        .filter((queue) => !queue.paused && !isGrowing(queue))
        .flatMap((queue) => beyond(queue, examination)),
  },
  { id: 'stuck-jobs', look: stuckJobs },
  { id: 'replicas', look: replicas },
];

function growing(queue: QueueFigures, examination: Examination): Finding {
  const { running } = examination.figures.capacity.workers;
  const { fromReplicas, toReplicas } = SCALING_TRIGGERS.backlog;
  const more = Math.max(running + 1, Math.ceil((running * toReplicas) / fromReplicas));
  return {
    severity: queue.name === 'high_priority' ? 'error' : 'warning',
    title: `the backlog of ${queue.name} grows`,
    evidence: `${growth(queue)}: ${causes(examination).join('; ')}`,
    consequence: `jobs wait longer and longer; the oldest has for ${formatSeconds(queue.oldestWaitSeconds ?? 0)}`,
    fix: `now: ${scaleCommand(examination.snapshot, more)}. For good: ${remedies(examination)}`,
  };
}

function beyond(queue: QueueFigures, { snapshot, settings }: Examination): Finding[] {
  const evidence = beyondNorm(queue, settings.queueNorms[queue.name]);
  if (evidence === undefined) return [];
  return [
    {
      severity: 'warning',
      title: `${queue.name} is beyond its norm`,
      evidence,
      consequence: 'its jobs are late, as far as anybody relies on that norm',
      fix: `if it lasts, ${addReplicaCommand(snapshot)}; or set queueNorms.${queue.name} in dsw.yaml`,
    },
  ];
}

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
  const { figures, expected } = examination;
  const { capacity, flow, tasks } = figures;
  const slower = tasks.filter(isSlower).map(({ task }) => task);
  const found: string[] = [];
  if (capacity.slots === 0) found.push('there is no slot');
  else if (capacity.utilization > FEW_SLOTS)
    found.push(`too few slots: ${capacity.busy} of ${capacity.slots} are busy`);
  const missing = (expected.workers ?? 0) - capacity.workers.running;
  if (missing > 0)
    found.push(missing === 1 ? '1 worker is missing' : `${missing} workers are missing`);
  if (slower.length > 0) found.push(`slower than their baseline: ${listOf(slower)}`);
  if (failureRate(examination).length > 0)
    found.push(`${formatPercent(1 - (flow.successRate ?? 1))} of the tries fail and are repeated`);
  if (stuckJobs(examination).length > 0) found.push('slots are held by stuck jobs');
  for (const { title, evidence } of tasks.flatMap(timeLimits)) found.push(`${title}: ${evidence}`);
  return found.length > 0 ? found : ['more comes in than the slots get done'];
}

function remedies({ figures: { tasks } }: Examination): string {
  const unlimited = tasks.find(({ timeLimits: { hardSeconds } }) => hardSeconds === undefined);
  const p99 = unlimited && usualSeconds(unlimited);
  const limit =
    p99 === undefined
      ? 'lower time limits that are far above what jobs take'
      : `set jobs.hardLimitSeconds to about ${Math.ceil(3 * p99)}`;
  return `${limit}, make tasks and their model calls faster, cache what repeats, and size with dsw plan`;
}

function stuckJobs({ snapshot, figures }: Examination): Finding[] {
  const usual = new Map(figures.tasks.map((task) => [task.task, usualSeconds(task)]));
  // What a lost worker said last is no news of its jobs.
  const workers = snapshot.workers.filter(({ state }) => state !== 'lost');
  return workers.flatMap(({ id: worker, running, timeLimits }) =>
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
          fix: `dsw jobs cancel ${id}; to end such jobs by themselves ${timeLimits[task]?.hardSeconds === undefined ? 'set' : 'lower'} jobs.hardLimitSeconds`,
        },
      ];
    }),
  );
}

/** The scaling rule, where it asks for another number of replicas than runs. */
function replicas({ decision, figures, snapshot }: Examination): Finding[] {
  const { running, starting } = figures.capacity.workers;
  const present = running + starting;
  // That none runs is a finding of its own.
  if (present === 0 || decision.replicas === present) return [];
  const more = decision.replicas > present;
  return [
    {
      severity: 'warning',
      title: more ? 'more replicas are needed' : 'fewer replicas would do',
      evidence: decision.reason,
      consequence: more ? 'jobs wait for a slot' : 'idle replicas cost as much as busy ones',
      fix: scaleCommand(snapshot, decision.replicas),
    },
  ];
}
