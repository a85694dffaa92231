import { QUEUE_NAMES } from '../../src/planning/queue-names.js';
import type {
  QueueSnapshot,
  RedisSnapshot,
  ScheduleSnapshot,
  SystemSnapshot,
  WorkerSnapshot,
} from '../../src/planning/snapshot.js';

/** Snapshots of a healthy, idle system, for tests that change what they are about. */

export function workerSnapshot(values: Partial<WorkerSnapshot> = {}): WorkerSnapshot {
  return {
    id: 'worker-a1b2',
    host: 'host-1',
    pid: 4711,
    version: '0.1.0',
    state: 'running',
    silentSeconds: 0.5,
    heartbeatSeconds: 2,
    holdingBack: undefined,
    idle: undefined,
    queues: [...QUEUE_NAMES],
    slots: 4,
    busy: 0,
    running: [],
    completed: 0,
    failed: 0,
    recycled: 0,
    lostResults: 0,
    startedAt: 0,
    memoryMb: 512,
    memoryLimitMb: 8192,
    cpuCores: 0.1,
    cpuLimitCores: 4,
    redisRoundTripMs: 0.4,
    clockSkewMs: 0,
    leaseSeconds: 30,
    drainSeconds: 25,
    maxTasksPerSlot: 50,
    timeLimits: {},
    isPid1: false,
    ...values,
  };
}

export function queueSnapshot(values: Partial<QueueSnapshot> = {}): QueueSnapshot {
  return {
    name: 'default',
    waiting: 0,
    running: 0,
    delayed: 0,
    dead: 0,
    done: 0,
    enqueuedTotal: 0,
    paused: false,
    oldestWaitSeconds: undefined,
    ...values,
  };
}

function redisSnapshot(values: Partial<RedisSnapshot> = {}): RedisSnapshot {
  return {
    version: '7.0.15',
    roundTripMs: 0.4,
    usedMemoryMb: 10,
    maxMemoryMb: 0,
    evictionPolicy: 'noeviction',
    persistence: 'append-only',
    connections: 8,
    maxConnections: 10_000,
    role: 'master',
    ...values,
  };
}

export function systemSnapshot(values: Partial<SystemSnapshot> = {}): SystemSnapshot {
  return {
    at: 3_600_000,
    redis: redisSnapshot(),
    queues: QUEUE_NAMES.map((name) => queueSnapshot({ name })),
    workers: [],
    supervisors: [],
    beats: [
      {
        id: 'beat-7f2c',
        version: '0.1.0',
        holder: true,
        host: 'host-1',
        pid: 4712,
        startedAt: 0,
      },
    ],
    schedules: [],
    jobs: { waiting: [], split: [], delayed: [], done: [], dead: [] },
    minutes: [],
    hours: [],
    ...values,
  };
}

export function scheduleSnapshot(values: Partial<ScheduleSnapshot> = {}): ScheduleSnapshot {
  return {
    name: 'cleanup_old_files',
    task: 'cleanup_old_files',
    queue: 'maintenance',
    rule: 'every 1h',
    nextDueAt: 0,
    lastDueAt: 0,
    lastSentAt: 0,
    lastJobId: undefined,
    lastResult: undefined,
    overdue: false,
    clockSetBack: false,
    paused: false,
    ...values,
  };
}
