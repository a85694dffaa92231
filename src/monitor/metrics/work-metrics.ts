import type { FlowBucket, QueueFlow, TaskFlow } from '../../planning/snapshot.js';
import type { WorkerSign } from '../../queues/heartbeats.js';
import { histogramFamily, readAll, type MetricFamily, type Reading } from './families.js';

const MB = 1024 * 1024;

const WORKER_READINGS: Reading<WorkerSign>[] = [
  {
    name: 'dsw_worker_up',
    help: '1 while the worker takes jobs.',
    type: 'gauge',
    value: ({ state, holdingBack }) => Number(state === 'running' && holdingBack === undefined),
  },
  {
    name: 'dsw_worker_slots',
    help: 'Slots of the worker.',
    type: 'gauge',
    value: ({ slots }) => slots,
  },
  {
    name: 'dsw_worker_busy_slots',
    help: 'Slots of the worker that run a job now.',
    type: 'gauge',
    value: ({ busy }) => busy,
  },
  {
    name: 'dsw_worker_memory_bytes',
    help: 'Memory in use by the worker.',
    type: 'gauge',
    value: ({ memoryMb }) => memoryMb * MB,
  },
  {
    name: 'dsw_worker_memory_limit_bytes',
    help: 'Memory that the worker may use.',
    type: 'gauge',
    value: ({ memoryLimitMb }) => memoryLimitMb * MB,
  },
  {
    name: 'dsw_worker_cpu_cores',
    help: 'Cores in use by the worker over its last heartbeat.',
    type: 'gauge',
    value: ({ cpuCores }) => cpuCores,
  },
  {
    name: 'dsw_worker_cpu_limit_cores',
    help: 'Cores that the worker may use.',
    type: 'gauge',
    value: ({ cpuLimitCores }) => cpuLimitCores,
  },
  {
    name: 'dsw_worker_start_time_seconds',
    help: 'When the worker started, in seconds since the epoch.',
    type: 'gauge',
    value: ({ startedAt }) => startedAt / 1000,
  },
  {
    name: 'dsw_worker_replaced_slots_total',
    help: 'Slots that the worker has replaced: after their number of jobs, for memory, or dead.',
    type: 'counter',
    value: ({ recycled }) => recycled,
  },
  {
    name: 'dsw_worker_late_results_total',
    help: 'Results of the worker that came too late to count: another worker had the job.',
    type: 'counter',
    value: ({ lostResults }) => lostResults,
  },
];

const QUEUE_READINGS: Reading<[string, QueueFlow]>[] = [
  {
    name: 'dsw_jobs_completed_total',
    help: 'Jobs that the workers of this endpoint completed.',
    type: 'counter',
    value: ([, { completed }]) => completed,
  },
  {
    name: 'dsw_tries_failed_total',
    help: 'Tries that failed on the workers of this endpoint, whatever became of the job.',
    type: 'counter',
    value: ([, { failed }]) => failed,
  },
];

const TASK_READINGS: Reading<[string, TaskFlow]>[] = [
  {
    name: 'dsw_task_completed_total',
    help: 'Jobs completed, by task.',
    type: 'counter',
    value: ([, { completed }]) => completed,
  },
  {
    name: 'dsw_task_failed_total',
    help: 'Tries that failed, by task.',
    type: 'counter',
    value: ([, { failed }]) => failed,
  },
  {
    name: 'dsw_task_cpu_seconds_total',
    help: 'CPU time of the tries that ended, by task.',
    type: 'counter',
    value: ([, { cpuSeconds }]) => cpuSeconds,
  },
];

/**
 * What an endpoint tells of the workers behind it alone: other endpoints tell of others, so that sums
 * over instances are right.
 */
export function workFamilies(workers: readonly WorkerSign[], work: FlowBucket): MetricFamily[] {
  const [queues, tasks] = [[...work.queues], [...work.tasks]];
  return [
    ...readAll(WORKER_READINGS, workers, ({ id }) => ({ worker: id })),
    ...readAll(QUEUE_READINGS, queues, ([queue]) => ({ queue })),
    ...readAll(TASK_READINGS, tasks, ([task]) => ({ task })),
    histogramFamily(
      'dsw_job_wait_seconds',
      'Time from enqueue to start of the jobs that ended.',
      queues.map(([queue, { wait }]) => [{ queue }, wait]),
    ),
    histogramFamily(
      'dsw_job_service_seconds',
      'Time that a slot was held by each try that ended.',
      tasks.map(([task, { service }]) => [{ task }, service]),
    ),
  ];
}
