import { QUEUE_NAMES, type QueueName } from '../../planning/queue-names.js';
import { formatSeconds } from '../../planning/readable.js';
import { keptReplicas, scaleCommand } from '../../planning/scale-command.js';
import { unreplacedWorkers } from '../../planning/scaling-load.js';
import {
  idsOf,
  jobsWait,
  listOf,
  presentWorkers,
  type Check,
  type Examination,
  type Finding,
} from './check.js';
import { IDLE_CHECKS } from './idle-checks.js';

export const WORKER_CHECKS: Check[] = [
  { id: 'no-workers', look: noWorkers },
  { id: 'fewer-workers', look: fewerWorkers },
  { id: 'fewer-slots', look: fewerSlots },
  { id: 'lost-workers', look: lostWorkers },
  { id: 'unserved-queues', look: unservedQueues },
  { id: 'other-prefix', look: otherPrefix },
  ...IDLE_CHECKS,
  {
    id: 'paused-queues',
    look: ({ snapshot }) =>
      snapshot.queues.flatMap(({ name, paused, waiting }) =>
        paused && waiting > 0
          ? [
              {
                severity: 'warning' as const,
                title: `queue ${name} is paused`,
                evidence: `${jobsWait(waiting)} in it`,
                consequence: 'no worker takes from it, however many there are',
                fix: `dsw queue resume ${name}`,
              },
            ]
          : [],
      ),
  },
  {
    id: 'pid-1',
    look(examination) {
      const bare = presentWorkers(examination).filter(({ isPid1 }) => isPid1);
      if (bare.length === 0) return [];
      return [
        {
          severity: 'warning',
          title: 'process 1 without an init',
          evidence: `${idsOf(bare)} run as process 1 of their containers`,
          consequence: 'processes that tasks leave behind are never reaped and pile up',
          fix: 'put an init in front: docker run --init, "init: true" in compose, or ENTRYPOINT ["tini", "--"]',
        },
      ];
    },
  },
  {
    id: 'mixed-versions',
    look(examination) {
      const present = presentWorkers(examination);
      const versions = [...new Set(present.map(({ version }) => version))].sort();
      if (versions.length < 2) return [];
      return [
        {
          severity: 'warning',
          title: 'workers of several versions',
          evidence: `versions ${listOf(versions)} run side by side`,
          consequence: 'an older worker refuses jobs that a newer dsw enqueued',
          fix: 'redeploy the older ones, unless a rollout is under way',
        },
      ];
    },
  },
];

function lostWorkers({ snapshot }: Examination): Finding[] {
  const lost = snapshot.workers.filter(({ state }) => state === 'lost');
  if (lost.length === 0) return [];
  const silent = Math.max(...lost.map(({ silentSeconds }) => silentSeconds));
  const hosts = listOf([...new Set(lost.map(({ host }) => host))]);
  const missing = unreplacedWorkers(snapshot);
  const jobs = 'the jobs run again elsewhere once their leases run out';
  const logs = `look at their logs for a crash or an out-of-memory kill on ${hosts}`;
  return [
    {
      severity: missing > 0 ? 'error' : 'warning',
      title: `${lost.length} worker${lost.length === 1 ? '' : 's'} lost`,
      evidence: `${idsOf(lost)} gave no sign of life for ${formatSeconds(silent)}`,
      consequence:
        missing > 0
          ? `${jobs}; the slots are missing`
          : `${jobs}; others were started in their place`,
      fix:
        missing > 0
          ? `${logs}, then start ${missing === 1 ? 'one' : missing} again, if nothing else does: dsw worker`
          : `${logs}, so that it does not happen again`,
    },
  ];
}

function noWorkers(examination: Examination): Finding[] {
  if (presentWorkers(examination).length > 0) return [];
  const { figures, snapshot, expected, facts } = examination;
  const { workers = keptReplicas(snapshot) } = expected;
  const wanted = workers > 0 ? `, ${workers} are expected${byWhom(examination)}` : '';
  const elsewhere =
    facts.connectedWorkers?.length === 0 ? '; none is connected to it under any prefix' : '';
  return [
    {
      severity: 'error',
      title: 'no worker runs',
      evidence: `${jobsWait(figures.waiting)}${wanted}, ${snapshot.redis.connections} clients are connected to this Redis${elsewhere}`,
      consequence: 'nothing is processed',
      fix: 'start one: dsw worker. If one should run: look at its log, and compare its REDIS_URL and prefix with these here',
    },
  ];
}

function fewerWorkers(examination: Examination): Finding[] {
  const { figures, snapshot, expected: wanted, facts } = examination;
  const { running, starting } = figures.capacity.workers;
  const { workers: expected = keptReplicas(snapshot) } = wanted;
  if (presentWorkers(examination).length === 0) return [];
  if (running + starting >= expected) return [];
  const elsewhere =
    facts.connectedWorkers === undefined || facts.connectedWorkers.length > running
      ? ''
      : '; the missing ones are not connected to this Redis under any prefix';
  return [
    {
      // A supervisor that has just been told to have more is starting them.
      severity: wanted.workers === undefined ? 'warning' : 'error',
      title: 'fewer workers than expected',
      evidence: `${running} run and ${starting} start, ${expected} are expected${byWhom(examination)}${elsewhere}`,
      consequence: `${Math.round(((expected - running) / expected) * 100)} % of the capacity is missing`,
      fix: `${scaleCommand(snapshot, expected)}; if they should run: look at their logs, and compare their REDIS_URL, prefix and queues with these`,
    },
  ];
}

function byPlan({ plan }: Examination['expected']): string {
  return plan ? ` (the plan of ${plan.profile}: ${plan.deployment})` : '';
}

/** Who expects so many workers, where it is not dsw.yaml. */
function byWhom({ expected, snapshot }: Examination): string {
  if (expected.workers !== undefined) return byPlan(expected);
  return ` (kept by ${listOf(snapshot.supervisors.map(({ id }) => id))}: look at its log)`;
}

/** Where workers are missing, that is the finding. */
function fewerSlots({ figures, expected: wanted }: Examination): Finding[] {
  const { capacity } = figures;
  const slots = capacity.slots + capacity.startingSlots;
  const expected = wanted.slots;
  const workers = capacity.workers.running + capacity.workers.starting;
  if (workers === 0 || workers < (wanted.workers ?? 0)) return [];
  if (expected === undefined || slots >= expected) return [];
  return [
    {
      severity: 'error',
      title: 'fewer slots than expected',
      evidence: `${slots} slots (replicas × concurrency), ${expected} are expected${byPlan(wanted)}`,
      consequence: 'fewer jobs run at once than was planned for',
      fix: `dsw worker resize ${Math.ceil(expected / workers)}; for good: worker.concurrency in dsw.yaml (--concurrency ${Math.ceil(expected / workers)})`,
    },
  ];
}

function unservedQueues({ snapshot }: Examination): Finding[] {
  const present = presentWorkers({ snapshot });
  if (present.length === 0) return [];
  const served = new Set(present.flatMap(({ queues }) => queues));
  return QUEUE_NAMES.filter((name) => !served.has(name)).map((name) => {
    const waiting = snapshot.queues.find((queue) => queue.name === name)?.waiting ?? 0;
    return {
      severity: waiting > 0 ? ('error' as const) : ('warning' as const),
      title: `no worker takes from ${name}`,
      evidence: `${jobsWait(waiting)} in it; the workers serve ${listOf([...served])}`,
      consequence: 'its jobs wait for ever',
      fix: `add it to a worker: --queues ${inOrder([...served, name]).join(',')}, or worker.queues in dsw.yaml`,
    };
  });
}

/** Most urgent first, as a worker is told them. */
function inOrder(names: readonly QueueName[]): QueueName[] {
  return QUEUE_NAMES.filter((name) => names.includes(name));
}

function otherPrefix({ snapshot, settings, facts }: Examination): Finding[] {
  const known = new Set(snapshot.workers.map(({ id }) => id));
  const strangers = (facts.connectedWorkers ?? []).filter((id) => !known.has(id));
  if (strangers.length === 0) return [];
  return [
    {
      severity: 'warning',
      title: 'workers under another prefix',
      evidence: `${listOf(strangers)} hold connections to this Redis, and none of them reports under prefix "${settings.prefix}"`,
      consequence: 'they take no jobs of this system',
      fix: `if they should: start them with --prefix ${settings.prefix} (DSW_PREFIX), and the same database number in REDIS_URL`,
    },
  ];
}
