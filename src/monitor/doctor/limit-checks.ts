import { formatPercent, formatSeconds } from '../../planning/readable.js';
import type { Check, Examination } from './check.js';

const MEMORY_SHARE = 0.8;
/** A slot that is replaced less often than this may hold what it leaked for a day. */
const MANY_TASKS = 500;
/** Slots that compute help up to about one for each core; beyond twice as many they only contend. */
const CROWDED = 2;
const CPU_BOUND = 0.5;
const SKEW_MS = 2000;

export const LIMIT_CHECKS: Check[] = [
  { id: 'memory', look: memory },
  { id: 'recycling', look: recycling },
  { id: 'cpu-quota', look: cpuQuota },
  { id: 'lease', look: lease },
  { id: 'lost-results', look: lostResults },
  { id: 'drain', look: drain },
  { id: 'clock-skew', look: clockSkew },
];

function memory({ snapshot }: Examination) {
  return snapshot.workers.flatMap(({ id, state, memoryMb, memoryLimitMb, slots }) => {
    const share = memoryLimitMb > 0 ? memoryMb / memoryLimitMb : 0;
    if (state === 'lost' || share <= MEMORY_SHARE) return [];
    return [
      {
        severity: share > 0.95 ? ('error' as const) : ('warning' as const),
        title: `memory of ${id} near its limit`,
        evidence: `${Math.round(memoryMb)} of ${Math.round(memoryLimitMb)} MB (${formatPercent(share)}) with ${slots} slots`,
        consequence: 'above 80 % it takes jobs one at a time; at the limit the system kills it',
        fix: `fewer slots: dsw worker resize ${Math.max(1, slots - 1)} ${id}; or recycle sooner: --max-tasks-per-slot 25; or give it more memory`,
      },
    ];
  });
}

function recycling({ snapshot }: Examination) {
  const rare = snapshot.workers.filter(
    ({ state, maxTasksPerSlot, memoryMb, memoryLimitMb }) =>
      state !== 'lost' &&
      (maxTasksPerSlot === 0 || maxTasksPerSlot > MANY_TASKS) &&
      memoryMb > memoryLimitMb / 2,
  );
  return rare.map(({ id, maxTasksPerSlot, memoryMb, memoryLimitMb }) => ({
    severity: 'warning' as const,
    title: `slots of ${id} are hardly ever replaced`,
    evidence: `maxTasksPerSlot is ${maxTasksPerSlot === 0 ? '0: never' : maxTasksPerSlot}, memory at ${formatPercent(memoryMb / memoryLimitMb)}`,
    consequence: 'what tasks leak adds up until memory runs out',
    fix: 'worker.maxTasksPerSlot: 50 in dsw.yaml (--max-tasks-per-slot 50), 25 if memory still grows',
  }));
}

function cpuQuota({ snapshot, figures }: Examination) {
  const shares = figures.tasks.flatMap(({ cpuShare, now }) =>
    cpuShare === undefined || now.count === 0 ? [] : [cpuShare],
  );
  const isCpuBound = shares.some((share) => share > CPU_BOUND);
  return snapshot.workers.flatMap(({ id, state, slots, cpuLimitCores }) => {
    if (state === 'lost' || !isCpuBound || slots <= CROWDED * cpuLimitCores) return [];
    const wise = Math.max(1, Math.floor(cpuLimitCores));
    return [
      {
        severity: 'warning' as const,
        title: `more slots in ${id} than its cores can feed`,
        evidence: `${slots} slots share ${Number(cpuLimitCores.toFixed(2))} cores, and the tasks compute`,
        consequence: 'each job takes longer, and no more get done',
        fix: `dsw worker resize ${wise} ${id} (--concurrency ${wise}), and more replicas for more capacity`,
      },
    ];
  });
}

/** Leases are renewed three times in their length, so a long job loses none; only silence does. */
function lease({ snapshot }: Examination) {
  return snapshot.workers.flatMap(({ id, state, leaseSeconds, redisRoundTripMs }) => {
    const thirdMs = (leaseSeconds * 1000) / 3;
    if (state === 'lost' || redisRoundTripMs < thirdMs / 4) return [];
    return [
      {
        severity: 'warning' as const,
        title: `leases of ${id} are short for this Redis`,
        evidence: `a lease of ${leaseSeconds} s is renewed every ${formatSeconds(thirdMs / 1000)}, a round trip takes ${Math.round(redisRoundTripMs)} ms`,
        consequence: 'one slow answer, and a running job is given to another worker and runs twice',
        fix: 'worker.leaseSeconds: 30 or more in dsw.yaml',
      },
    ];
  });
}

function lostResults({ snapshot, figures }: Examination) {
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

function drain({ snapshot, figures }: Examination) {
  const p99 = figures.service.p99Seconds;
  const short = snapshot.workers.filter(
    ({ state, drainSeconds }) => state !== 'lost' && p99 !== undefined && drainSeconds < p99,
  );
  const shortest = Math.min(...short.map(({ drainSeconds }) => drainSeconds));
  if (p99 === undefined || short.length === 0) return [];
  const wise = Math.ceil(p99 * 1.5);
  return [
    {
      severity: 'warning' as const,
      title: 'drain shorter than jobs take',
      evidence: `running jobs get ${shortest} s when a worker stops; 99 of 100 take up to ${formatSeconds(p99)}`,
      consequence: 'each deployment interrupts long jobs: they start again elsewhere, none is lost',
      fix: `worker.drainSeconds: ${wise} in dsw.yaml, and a longer stop grace period on the platform`,
    },
  ];
}

function clockSkew({ snapshot, facts }: Examination) {
  const hosts = snapshot.workers
    .filter(({ state }) => state !== 'lost')
    .map(({ host, clockSkewMs }) => ({ host, clockSkewMs }));
  if (facts.clockSkewMs !== undefined)
    hosts.push({ host: 'this machine', clockSkewMs: facts.clockSkewMs });
  const skewed = hosts.filter(({ clockSkewMs }) => Math.abs(clockSkewMs) > SKEW_MS);
  return [...new Map(skewed.map((entry) => [entry.host, entry])).values()].map((entry) => ({
    severity: 'warning' as const,
    title: `the clock of ${entry.host} is off`,
    evidence: `${formatSeconds(Math.abs(entry.clockSkewMs) / 1000)} ${entry.clockSkewMs > 0 ? 'ahead of' : 'behind'} Redis's`,
    consequence: 'waiting times and delays of jobs that it enqueues are wrong by as much',
    fix: 'run a time service there: timedatectl set-ntp true',
  }));
}
