import type {
  QueueSnapshot,
  RedisSnapshot,
  SystemSnapshot,
  WorkerSnapshot,
} from '../../planning/snapshot.js';
import { scheduleFamilies } from './beat-metrics.js';
import { gauge, readAll, type MetricFamily, type Reading } from './families.js';

const MB = 1024 * 1024;

const QUEUE_READINGS: Reading<QueueSnapshot>[] = [
  {
    name: 'dsw_queue_waiting_jobs',
    help: 'Jobs that wait in the queue.',
    type: 'gauge',
    value: ({ waiting }) => waiting,
  },
  {
    name: 'dsw_queue_running_jobs',
    help: 'Jobs of the queue that run now.',
    type: 'gauge',
    value: ({ running }) => running,
  },
  {
    name: 'dsw_queue_delayed_jobs',
    help: 'Jobs that wait for a later time: the backoff of a retry, or a delay.',
    type: 'gauge',
    value: ({ delayed }) => delayed,
  },
  {
    name: 'dsw_queue_dead_jobs',
    help: 'Dead letters: jobs that used up their tries.',
    type: 'gauge',
    value: ({ dead }) => dead,
  },
  {
    name: 'dsw_queue_oldest_wait_seconds',
    help: 'Age of the job that has waited longest; 0 when none waits.',
    type: 'gauge',
    value: ({ oldestWaitSeconds }) => oldestWaitSeconds ?? 0,
  },
  {
    name: 'dsw_queue_paused',
    help: '1 while no worker takes from the queue.',
    type: 'gauge',
    value: ({ paused }) => Number(paused),
  },
];

const REDIS_READINGS: Reading<RedisSnapshot>[] = [
  {
    name: 'dsw_redis_round_trip_seconds',
    help: 'Time that Redis took for one snapshot of the system.',
    type: 'gauge',
    value: ({ roundTripMs }) => roundTripMs / 1000,
  },
  {
    name: 'dsw_redis_used_memory_bytes',
    help: 'Memory in use by Redis.',
    type: 'gauge',
    value: ({ usedMemoryMb }) => usedMemoryMb * MB,
  },
  {
    name: 'dsw_redis_max_memory_bytes',
    help: 'Memory that Redis may use; 0: no limit.',
    type: 'gauge',
    value: ({ maxMemoryMb }) => maxMemoryMb * MB,
  },
  {
    name: 'dsw_redis_connections',
    help: 'Clients connected to Redis.',
    type: 'gauge',
    value: ({ connections }) => connections,
  },
  {
    name: 'dsw_redis_max_connections',
    help: 'Clients that Redis accepts at most.',
    type: 'gauge',
    value: ({ maxConnections }) => maxConnections,
  },
];

const WORKER_STATES: WorkerSnapshot['state'][] = ['starting', 'running', 'draining', 'lost'];

/**
 * What every endpoint tells of the system as a whole. Two endpoints give the same values: in queries
 * take max, not sum, over instances.
 * @param snapshot undefined when Redis gave none in time.
 */
export function systemFamilies(snapshot: SystemSnapshot | undefined): MetricFamily[] {
  const up = gauge('dsw_redis_up', '1 when Redis answered.', {
    labels: {},
    value: Number(snapshot !== undefined),
  });
  if (!snapshot) return [up];
  const { queues, redis, schedules } = snapshot;
  return [
    up,
    ...readAll(QUEUE_READINGS, queues, ({ name }) => ({ queue: name })),
    enqueuedFamily(snapshot),
    ...readAll(REDIS_READINGS, [redis], () => ({})),
    ...capacityFamilies(snapshot),
    ...scheduleFamilies(schedules),
  ];
}

function enqueuedFamily({ minutes, hours }: SystemSnapshot): MetricFamily {
  const totals = new Map(
    [...hours, ...minutes].flatMap((bucket) =>
      [...bucket.queues].flatMap(([queue, { enqueuedTotal }]) =>
        enqueuedTotal === undefined ? [] : [[queue, enqueuedTotal] as const],
      ),
    ),
  );
  return {
    name: 'dsw_queue_enqueued_total',
    help: 'Jobs enqueued since the queue exists.',
    type: 'counter',
    values: [...totals].map(([queue, value]) => ({ labels: { queue }, value })),
  };
}

function capacityFamilies({ workers, beats }: SystemSnapshot): MetricFamily[] {
  const present = workers.filter(({ state }) => state !== 'lost');
  const sum = (of: (worker: WorkerSnapshot) => number): number =>
    present.reduce((all, worker) => all + of(worker), 0);
  return [
    gauge(
      'dsw_workers',
      'Workers by state; lost: no sign of life for longer than promised.',
      ...WORKER_STATES.map((state) => ({
        labels: { state },
        value: workers.filter((worker) => worker.state === state).length,
      })),
    ),
    gauge('dsw_slots', 'Slots of all workers.', { labels: {}, value: sum(({ slots }) => slots) }),
    gauge('dsw_busy_slots', 'Slots that run a job now.', {
      labels: {},
      value: sum(({ busy }) => busy),
    }),
    gauge(
      'dsw_schedulers',
      'Beats by role: the one that works, and those that stand by.',
      { labels: { role: 'holder' }, value: beats.filter(({ holder }) => holder).length },
      { labels: { role: 'standby' }, value: beats.filter(({ holder }) => !holder).length },
    ),
  ];
}
