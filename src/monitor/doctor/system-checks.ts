import { formatPercent } from '../../planning/readable.js';
import { listOf, type Check, type Examination } from './check.js';

/** Older ones lack what the scripts use, or are no longer mended. */
const OLDEST_REDIS: [number, number] = [6, 2];
const CONNECTION_SHARE = 0.8;
const MEMORY_SHARE = 0.8;
const SLOW_MS = 20;

export const SYSTEM_CHECKS: Check[] = [
  { id: 'scheduler', look: scheduler },
  { id: 'foreign-schedulers', look: foreignSchedulers },
  { id: 'overdue-schedules', look: overdue },
  { id: 'eviction', look: eviction },
  { id: 'persistence', look: persistence },
  { id: 'redis-version', look: version },
  { id: 'redis-role', look: role },
  { id: 'redis-memory', look: redisMemory },
  { id: 'connections', look: connections },
  { id: 'round-trip', look: roundTrip },
  { id: 'orphaned-documents', look: orphans },
];

function scheduler({ snapshot }: Examination) {
  const holders = snapshot.beats.filter(({ holder }) => holder).map(({ id }) => id);
  if (holders.length === 1) return [];
  if (holders.length === 0)
    return [
      {
        severity: 'warning' as const,
        title: 'no scheduler works',
        evidence: `${snapshot.beats.length} beats are up, none holds the lease`,
        consequence: 'no periodic task is sent: old files are never cleaned up',
        fix: 'start one: dsw beat (start two, and one stands by)',
      },
    ];
  return [
    {
      severity: 'error' as const,
      title: 'duplicate schedulers',
      evidence: `${listOf(holders)} all call themselves the holder`,
      consequence: 'periodic tasks may be sent twice by whatever does not check the lease',
      fix: 'keep one beat service with one replica, and no scheduler inside workers',
    },
  ];
}

function foreignSchedulers({ snapshot, facts }: Examination) {
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

function overdue({ snapshot }: Examination) {
  const late = snapshot.schedules.filter((schedule) => schedule.overdue).map(({ name }) => name);
  if (late.length === 0) return [];
  return [
    {
      severity: 'error' as const,
      title: 'periodic tasks are overdue',
      evidence: `${listOf(late)} should have been sent by now`,
      consequence: 'what they tidy up piles up',
      fix: 'look at the log of dsw beat; if none runs, start one',
    },
  ];
}

function eviction({ snapshot: { redis } }: Examination) {
  if (redis.evictionPolicy === 'noeviction' || redis.evictionPolicy === 'unknown') return [];
  return [
    {
      severity: 'error' as const,
      title: 'Redis may drop jobs',
      evidence: `maxmemory-policy is ${redis.evictionPolicy}`,
      consequence: 'when memory runs out Redis deletes keys, jobs among them, without a word',
      fix: 'redis-cli CONFIG SET maxmemory-policy noeviction, and in redis.conf',
    },
  ];
}

function persistence({ snapshot: { redis }, facts }: Examination) {
  if (redis.persistence === 'append-only') return [];
  const snapshots = redis.persistence === 'snapshots' || facts.savesSnapshots === true;
  return [
    {
      severity: 'warning' as const,
      title: snapshots ? 'Redis saves only now and then' : 'Redis keeps nothing over a restart',
      evidence: snapshots
        ? 'snapshots are on, the append-only file is off'
        : 'no append-only file, no snapshots',
      consequence: snapshots
        ? 'a crash of Redis loses the jobs since the last snapshot'
        : 'a restart of Redis loses every job',
      fix: 'redis-cli CONFIG SET appendonly yes, and "appendonly yes" in redis.conf',
    },
  ];
}

function version({ snapshot: { redis } }: Examination) {
  const [major = 0, minor = 0] = redis.version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_REDIS;
  if (Number.isNaN(major) || major > oldestMajor || (major === oldestMajor && minor >= oldestMinor))
    return [];
  return [
    {
      severity: 'warning' as const,
      title: 'old Redis',
      evidence: `version ${redis.version}, dsw is tested from ${OLDEST_REDIS.join('.')} on`,
      consequence: 'scripts may fail, and its faults are no longer mended',
      fix: 'update to Redis 7 or Valkey 8',
    },
  ];
}

function role({ snapshot: { redis } }: Examination) {
  if (redis.role === 'master') return [];
  return [
    {
      severity: 'error' as const,
      title: 'this Redis is a replica',
      evidence: 'INFO says role:slave',
      consequence: 'it takes no writes: no job can be enqueued or finished',
      fix: 'set REDIS_URL to the master',
    },
  ];
}

function redisMemory({ snapshot: { redis } }: Examination) {
  const share = redis.maxMemoryMb > 0 ? redis.usedMemoryMb / redis.maxMemoryMb : 0;
  if (share <= MEMORY_SHARE) return [];
  return [
    {
      severity: share > 0.95 ? ('error' as const) : ('warning' as const),
      title: 'Redis is nearly full',
      evidence: `${Math.round(redis.usedMemoryMb)} of ${Math.round(redis.maxMemoryMb)} MB (${formatPercent(share)})`,
      consequence: 'when it is full, nothing can be enqueued or finished',
      fix: 'raise maxmemory, or keep finished jobs for less long: cleanup.maxAgeHours in dsw.yaml',
    },
  ];
}

function connections({ snapshot: { redis } }: Examination) {
  if (redis.maxConnections <= 0 || redis.connections <= CONNECTION_SHARE * redis.maxConnections)
    return [];
  return [
    {
      severity: 'warning' as const,
      title: 'connection limit near',
      evidence: `${redis.connections} of ${redis.maxConnections} clients`,
      consequence: 'the next worker is refused (each takes two or three connections)',
      fix: 'raise maxclients or the plan of the provider, or run fewer workers with more slots',
    },
  ];
}

function roundTrip({ snapshot }: Examination) {
  const slow = snapshot.workers.filter(
    ({ state, redisRoundTripMs }) => state !== 'lost' && redisRoundTripMs > SLOW_MS,
  );
  if (slow.length === 0) return [];
  const worst = Math.max(...slow.map(({ redisRoundTripMs }) => redisRoundTripMs));
  return [
    {
      severity: 'warning' as const,
      title: 'Redis is far away or slow',
      evidence: `${listOf(slow.map(({ id }) => id))}: up to ${Math.round(worst)} ms for a round trip`,
      consequence: 'a slot idles for a round trip between two short jobs',
      fix: 'put Redis into the same region and network as the workers; look at redis-cli --latency',
    },
  ];
}

function orphans({ facts }: Examination) {
  const { orphanedDocuments } = facts;
  if (orphanedDocuments === undefined || orphanedDocuments === 0) return [];
  return [
    {
      severity: 'warning' as const,
      title: 'orphaned documents',
      evidence: `${orphanedDocuments} stored documents, older than an hour, belong to no job`,
      consequence: 'they take space for ever',
      fix: 'have beat run: it sends cleanup_orphaned_jobs every cleanup.orphansEverySeconds',
    },
  ];
}
