import type { WorkerSnapshot } from '../../planning/snapshot.js';
import { whyIdle } from '../../planning/why-idle.js';
import { jobsWait, presentWorkers, type Check, type Examination, type Finding } from './check.js';

/** Slots that are free while jobs wait. */
export const IDLE_CHECKS: Check[] = [
  { id: 'holding-back', look: (examination) => presentWorkers(examination).flatMap(holdingBack) },
  { id: 'idle-slots', look: idleSlots },
];

function holdingBack(worker: WorkerSnapshot): Finding[] {
  const { id, holdingBack: evidence } = worker;
  if (evidence === undefined) return [];
  return [
    {
      severity: 'warning',
      title: `${id} takes no new jobs`,
      evidence,
      consequence: 'its free slots stay empty while jobs wait',
      fix: cureOf(worker),
    },
  ];
}

function cureOf({ id, slots, idle, host }: WorkerSnapshot): string {
  const fewer = slots > 1 ? `fewer slots: dsw worker resize ${slots - 1} ${id}; or ` : '';
  switch (idle?.cause) {
    case 'memory':
      return `${fewer}give it more memory`;
    case 'redis':
      return 'give Redis what it lacks: redis-cli -u "$REDIS_URL" INFO memory (or persistence); the worker goes on by itself';
    case 'store':
      return `make room where store: of dsw.yaml points to (df -h on ${host}); it goes on by itself`;
    default:
      return 'remove that cause; the worker goes on by itself';
  }
}

/** A worker that could take waiting jobs, and does not: it waits for one of them, or is stuck. */
function idleSlots({ snapshot }: Examination): Finding[] {
  return snapshot.workers.flatMap((worker): Finding[] => {
    const why = whyIdle(worker, snapshot);
    if (!why || why.waiting === 0) return [];
    const { id, pid, host, slots, busy, idle } = worker;
    const found = {
      title: `free slots of ${id} take nothing`,
      evidence: `${slots - busy} of ${slots} are free, ${jobsWait(why.waiting)} in its queues: it ${why.reason}`,
    };
    if (why.kind === 'stuck')
      return [
        {
          ...found,
          severity: 'error',
          consequence: 'a worker that does not ask for jobs will not by itself',
          fix: `end it, so that its supervisor or platform starts another: kill ${pid} on ${host}`,
        },
      ];
    if (idle?.cause !== 'suspect') return [];
    return [
      {
        ...found,
        severity: 'warning',
        evidence: found.evidence.replace(': it ', ': '),
        consequence: 'nothing runs beside it, so that it can take no other job down',
        fix: `let it end; or look at it and end it: dsw jobs show ${idle.jobId ?? ''}, dsw jobs cancel ${idle.jobId ?? ''}`,
      },
    ];
  });
}
