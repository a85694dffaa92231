import {
  idsOf,
  nearLimit,
  presentWorkers,
  type Check,
  type Examination,
  type Finding,
} from './check.js';

/** Older ones lack what the scripts use, or are no longer mended. */
const OLDEST_REDIS: [number, number] = [6, 2];
const SLOW_MS = 20;
/** Who rents Redis has a page for it instead. */
const CONFIG_SET = 'redis-cli -u "$REDIS_URL" CONFIG SET';

export const REDIS_CHECKS: Check[] = [
  { id: 'eviction', look: eviction },
  { id: 'persistence', look: persistence },
  { id: 'redis-version', look: version },
  { id: 'redis-role', look: role },
  { id: 'redis-memory', look: memory },
  { id: 'connections', look: connections },
  { id: 'round-trip', look: roundTrip },
];

function eviction({ snapshot: { redis } }: Examination): Finding[] {
  if (redis.evictionPolicy === 'noeviction' || redis.evictionPolicy === 'unknown') return [];
  return [
    {
      severity: 'error',
      title: 'Redis may drop jobs',
      evidence: `maxmemory-policy is ${redis.evictionPolicy}`,
      consequence: 'when memory runs out Redis deletes keys, jobs among them, without a word',
      fix: `${CONFIG_SET} maxmemory-policy noeviction, and "maxmemory-policy noeviction" in redis.conf`,
    },
  ];
}

function persistence({ snapshot: { redis }, facts }: Examination): Finding[] {
  if (redis.persistence === 'append-only') return [];
  const snapshots = redis.persistence === 'snapshots' || facts.savesSnapshots === true;
  const nothing = facts.savesSnapshots === false ? 'no snapshots' : 'no snapshot so far';
  return [
    {
      severity: 'warning',
      title: snapshots ? 'Redis saves only now and then' : 'Redis may keep nothing over a restart',
      evidence: snapshots
        ? 'snapshots are on, the append-only file is off'
        : `no append-only file, ${nothing}`,
      consequence: snapshots
        ? 'a crash of Redis loses the jobs since the last snapshot'
        : 'a restart of Redis may lose every job',
      fix: `${CONFIG_SET} appendonly yes, and "appendonly yes" in redis.conf`,
    },
  ];
}

function version({ snapshot: { redis } }: Examination): Finding[] {
  const [major = 0, minor = 0] = redis.version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_REDIS;
  if (Number.isNaN(major) || major > oldestMajor || (major === oldestMajor && minor >= oldestMinor))
    return [];
  return [
    {
      severity: 'warning',
      title: 'old Redis',
      evidence: `version ${redis.version}, dsw is tested from ${OLDEST_REDIS.join('.')} on`,
      consequence: 'scripts may fail, and its faults are no longer mended',
      fix: 'update to Redis 7 or Valkey 8',
    },
  ];
}

function role({ snapshot: { redis } }: Examination): Finding[] {
  if (redis.role === 'master') return [];
  return [
    {
      severity: 'error',
      title: 'this Redis is a replica',
      evidence: 'INFO says role:slave',
      consequence: 'it takes no writes: no job can be enqueued or finished',
      fix: 'set REDIS_URL to the master',
    },
  ];
}

function memory({ snapshot: { redis } }: Examination): Finding[] {
  const near = nearLimit(redis.usedMemoryMb, redis.maxMemoryMb, 'MB');
  if (!near) return [];
  const { severity, evidence } = near;
  return [
    {
      severity,
      title: 'Redis is nearly full',
      evidence,
      consequence: 'when it is full, nothing can be enqueued or finished',
      fix: 'raise maxmemory, or keep finished jobs for less long: cleanup.maxAgeHours in dsw.yaml',
    },
  ];
}

function connections({ snapshot: { redis } }: Examination): Finding[] {
  const near = nearLimit(redis.connections, redis.maxConnections, 'clients');
  if (!near) return [];
  const { severity, evidence } = near;
  return [
    {
      severity,
      title: 'connection limit near',
      evidence,
      consequence: 'the next worker is refused (each takes two or three connections)',
      fix: 'raise maxclients or the plan of the provider, or run fewer workers with more slots',
    },
  ];
}

function roundTrip(examination: Examination): Finding[] {
  const slow = presentWorkers(examination).filter(
    ({ redisRoundTripMs }) => redisRoundTripMs > SLOW_MS,
  );
  if (slow.length === 0) return [];
  const worst = Math.max(...slow.map(({ redisRoundTripMs }) => redisRoundTripMs));
  return [
    {
      severity: 'warning',
      title: 'Redis is far away or slow',
      evidence: `${idsOf(slow)}: up to ${Math.round(worst)} ms for a round trip`,
      consequence: 'a slot idles for a round trip between two short jobs',
      fix: 'put Redis into the same region and network as the workers; see how it varies: redis-cli -u "$REDIS_URL" --latency',
    },
  ];
}
