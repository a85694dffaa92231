import { TASKS_PER_PROCESS } from '../../planning/guide/advice.js';
import { limitShare } from '../../planning/limit-share.js';
import { formatPercent, formatSeconds } from '../../planning/readable.js';
import {
  idsOf,
  nearLimit,
  presentWorkers,
  type Check,
  type Examination,
  type Finding,
} from './check.js';
import { CPU_CHECK } from './cpu-check.js';

/** A slot that is replaced less often than this may hold what it leaked for a day. */
const MANY_TASKS = 500;
const SKEW_MS = 2000;
/** Pauses of less than this happen: garbage collection, a busy machine, a moved container. */
const SHORT_LEASE_SECONDS = 15;
const { usual, leaking } = TASKS_PER_PROCESS;

export const LIMIT_CHECKS: Check[] = [
  { id: 'memory', look: memory },
  { id: 'recycling', look: recycling },
  CPU_CHECK,
  { id: 'lease', look: lease },
  { id: 'lost-results', look: lostResults },
  { id: 'drain', look: drain },
  { id: 'clock-skew', look: clockSkew },
];

function memory(examination: Examination): Finding[] {
  const near = presentWorkers(examination).flatMap((worker) => {
    const found = nearLimit(worker.memoryMb, worker.memoryLimitMb, 'MB');
    return found ? [{ ...found, worker }] : [];
  });
  near.sort((a, b) => b.share - a.share);
  const [worst] = near;
  if (!worst) return [];
  const { id, slots } = worst.worker;
  const sooner = Math.min(leaking, Math.ceil((worst.worker.maxTasksPerSlot || usual) / 2));
  const fewer = slots > 1 ? `fewer slots: dsw worker resize ${slots - 1} ${id}; or ` : '';
  const beside = near.length > 1 ? `${id}: ` : '';
  return [
    {
      severity: worst.severity,
      title: `memory of ${idsOf(near.map(({ worker }) => worker))} near its limit`,
      evidence: `${beside}${worst.evidence} with ${slots} slots`,
      consequence: 'above 80 % it takes jobs one at a time; at the limit the system kills it',
      fix: `${fewer}recycle sooner: worker.maxTasksPerSlot: ${sooner} in dsw.yaml (--max-tasks-per-slot ${sooner}); or give it more memory`,
    },
  ];
}

function recycling(examination: Examination): Finding[] {
  const rare = presentWorkers(examination).filter(
    ({ maxTasksPerSlot, memoryMb, memoryLimitMb }) =>
      (maxTasksPerSlot === 0 || maxTasksPerSlot > MANY_TASKS) && memoryMb > memoryLimitMb / 2,
  );
  const [first] = rare;
  if (!first) return [];
  const often = first.maxTasksPerSlot === 0 ? '0: never' : first.maxTasksPerSlot;
  return [
    {
      severity: 'warning',
      title: `slots of ${idsOf(rare)} are hardly ever replaced`,
      evidence: `maxTasksPerSlot is ${often}, memory at ${formatPercent(limitShare(first.memoryMb, first.memoryLimitMb))}`,
      consequence: 'what tasks leak adds up until memory runs out',
      fix: `worker.maxTasksPerSlot: ${usual} in dsw.yaml (--max-tasks-per-slot ${usual}), ${leaking} if memory still grows`,
    },
  ];
}

/**
 * A lease is renewed three times in its length, so a long job loses none as long as its worker gets
 * through: a lease is short when a slow Redis, or a pause as any machine has, lasts as long.
 */
function lease(examination: Examination): Finding[] {
  const p99 = examination.figures.service.p99Seconds ?? 0;
  return presentWorkers(examination).flatMap(({ id, leaseSeconds, redisRoundTripMs }) => {
    const thirdMs = (leaseSeconds * 1000) / 3;
    const isOutlived = leaseSeconds < Math.min(p99, SHORT_LEASE_SECONDS);
    if (!isOutlived && redisRoundTripMs < thirdMs / 4) return [];
    const renewed = `a lease of ${leaseSeconds} s is renewed every ${formatSeconds(thirdMs / 1000)}`;
    return [
      {
        severity: 'warning' as const,
        title: isOutlived
          ? `jobs of ${id} outlive their lease`
          : `leases of ${id} are short for this Redis`,
        evidence: isOutlived
          ? `${renewed}; 99 of 100 jobs take up to ${formatSeconds(p99)}`
          : `${renewed}, a round trip takes ${Math.round(redisRoundTripMs)} ms`,
        consequence:
          'one pause as long, and a running job is given to another worker and runs twice',
        fix: 'worker.leaseSeconds: 30 or more in dsw.yaml',
      },
    ];
  });
}

function lostResults({ snapshot, figures }: Examination): Finding[] {
  const p99 = figures.service.p99Seconds;
  return snapshot.workers.flatMap(({ id, lostResults: lost, leaseSeconds }) => {
    if (lost === 0) return [];
    const beside =
      p99 !== undefined && leaseSeconds < p99
        ? `; its lease of ${leaseSeconds} s is shorter than the p99 service time of ${formatSeconds(p99)}, so every long job depends on renewals`
        : '';
    return [
      {
        severity: 'warning' as const,
        title: `${id} finished jobs that others had by then`,
        evidence: `${lost} results came too late to count${beside}`,
        consequence: 'work was done twice',
        fix: 'raise worker.leaseSeconds, and look for pauses: a frozen process, a slow Redis, a busy machine',
      },
    ];
  });
}

function drain(examination: Examination): Finding[] {
  const p99 = examination.figures.service.p99Seconds;
  if (p99 === undefined) return [];
  const short = presentWorkers(examination).filter(({ drainSeconds }) => drainSeconds < p99);
  if (short.length === 0) return [];
  const shortest = Math.min(...short.map(({ drainSeconds }) => drainSeconds));
  const wise = Math.ceil(p99 * 1.5);
  return [
    {
      severity: 'warning',
      title: 'drain shorter than jobs take',
      evidence: `running jobs get ${shortest} s when a worker stops; 99 of 100 take up to ${formatSeconds(p99)}`,
      consequence: 'each deployment interrupts long jobs: they start again elsewhere, none is lost',
      fix: `worker.drainSeconds: ${wise} in dsw.yaml, and a longer stop grace period on the platform`,
    },
  ];
}

function clockSkew(examination: Examination): Finding[] {
  const clocks = new Map(
    presentWorkers(examination).map(({ host, clockSkewMs }) => [host, clockSkewMs]),
  );
  const { clockSkewMs } = examination.facts;
  if (clockSkewMs !== undefined) clocks.set('this machine', clockSkewMs);
  return [...clocks].flatMap(([host, skewMs]) => {
    if (Math.abs(skewMs) <= SKEW_MS) return [];
    return [
      {
        severity: 'warning' as const,
        title: `the clock of ${host} is off`,
        evidence: `${formatSeconds(Math.abs(skewMs) / 1000)} ${skewMs > 0 ? 'ahead of' : 'behind'} Redis's`,
        consequence: 'waiting times and delays of jobs that it enqueues are wrong by as much',
        fix: 'run a time service there: timedatectl set-ntp true',
      },
    ];
  });
}
