import type { BeatSnapshot } from '../../planning/snapshot.js';
import { listOf, type Check, type Examination, type Finding } from './check.js';

export const SCHEDULE_CHECKS: Check[] = [
  { id: 'scheduler', look: scheduler },
  { id: 'foreign-schedulers', look: foreignSchedulers },
  { id: 'beat-versions', look: beatVersions },
  { id: 'overdue-schedules', look: overdue },
  { id: 'orphaned-documents', look: orphans },
];

function scheduler({ snapshot }: Examination): Finding[] {
  const holders = snapshot.beats.filter(({ holder }) => holder).map(({ id }) => id);
  if (holders.length === 1) return [];
  if (holders.length === 0)
    return [
      {
        severity: 'warning',
        title: 'no scheduler works',
        evidence: `${snapshot.beats.length} beats are up, none holds the lease`,
        consequence: 'no periodic task is sent: old files are never cleaned up',
        fix: 'start one: dsw beat (start two, and one stands by)',
      },
    ];
  return [
    {
      severity: 'error',
      title: 'duplicate schedulers',
      evidence: `${listOf(holders)} all call themselves the holder`,
      consequence: 'periodic tasks may be sent twice by whatever does not check the lease',
      fix: 'keep one beat service with one replica, and no scheduler inside workers',
    },
  ];
}

function foreignSchedulers({ snapshot, facts }: Examination): Finding[] {
  const own = new Set(snapshot.schedules.map(({ name }) => name));
  return (facts.foreignSchedulers ?? []).flatMap(({ kind, where, sends }) => {
    // Another system on the same Redis is no fault, unless it sends what this one sends.
    const same = sends.filter((name) => own.has(name));
    if (kind === 'prefix' && same.length === 0) return [];
    return [
      {
        severity: 'warning' as const,
        title: 'duplicate schedulers',
        evidence:
          kind === 'bullmq'
            ? `BullMQ job schedulers on queue ${where} send ${listOf(sends)} beside the beat`
            : `a beat under prefix "${where}" sends ${listOf(same)} as well`,
        consequence: 'periodic tasks run more than once',
        fix:
          kind === 'bullmq'
            ? 'remove them (queue.removeJobScheduler) and put their schedules into dsw.yaml'
            : `if it is a second start of this system by mistake, stop it or give it this prefix (DSW_PREFIX)`,
      },
    ];
  });
}

function beatVersions({ snapshot: { beats } }: Examination): Finding[] {
  const versionOf = (beat: BeatSnapshot): string => beat.version ?? 'unknown';
  if (new Set(beats.map(versionOf)).size < 2) return [];
  const each = beats.map((beat) => {
    const part = beat.holder ? 'at work' : 'standing by';
    return `${beat.id} on ${beat.host} (${versionOf(beat)}, ${part})`;
  });
  return [
    {
      severity: 'warning',
      title: 'schedulers of several versions',
      evidence: listOf(each.sort()),
      consequence: 'which schedules and tasks are known changes with whoever holds the lease',
      fix: 'redeploy or stop the older one, unless a rollout is under way',
    },
  ];
}

function overdue({ snapshot }: Examination): Finding[] {
  const late = snapshot.schedules.filter((schedule) => schedule.overdue).map(({ name }) => name);
  if (late.length === 0) return [];
  return [
    {
      severity: 'error',
      title: 'periodic tasks are overdue',
      evidence: `${listOf(late)} should have been sent by now`,
      consequence: 'what they tidy up piles up',
      fix: 'if none runs, start one: dsw beat; else look at its log',
    },
  ];
}

function orphans({ facts }: Examination): Finding[] {
  const { orphanedDocuments } = facts;
  if (orphanedDocuments === undefined || orphanedDocuments === 0) return [];
  return [
    {
      severity: 'warning',
      title: 'orphaned documents',
      evidence: `${orphanedDocuments} stored documents, older than an hour, belong to no job`,
      consequence: 'they take space for ever',
      fix: 'dsw beat run cleanup_orphaned_jobs; a beat sends it every hour',
    },
  ];
}
