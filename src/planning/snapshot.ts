import type { Histogram } from './histogram.js';
import type { QueueName } from './queue-names.js';
import type { SupervisorSnapshot, WorkerSnapshot } from './worker-snapshot.js';

export type * from './worker-snapshot.js';

/**
 * The state of a dsw system at one moment. Everything that shows or judges the state reads this
 * value; it comes from Redis, or from a simulation.
 */
export interface SystemSnapshot {
  /** Milliseconds since the epoch, by Redis's clock. */
  at: number;
  redis: RedisSnapshot;
  queues: QueueSnapshot[];
  workers: WorkerSnapshot[];
  /** Those that keep workers running: `dsw worker --replicas`. */
  supervisors: SupervisorSnapshot[];
  beats: BeatSnapshot[];
  /** The periodic tasks that the scheduler at work has loaded, by name. */
  schedules: ScheduleSnapshot[];
  /** Some jobs of each state, for people to look at; the counts are the queues'. */
  jobs: ListedJobs;
  /** The last quarter of an hour by the minute, oldest first, the minute under way last. */
  minutes: FlowBucket[];
  /** The last day by the hour, oldest first, the hour under way last: the baseline. */
  hours: FlowBucket[];
}

export interface RedisSnapshot {
  version: string;
  /** Time for this snapshot's own round trip. */
  roundTripMs: number;
  usedMemoryMb: number;
  /** 0: no limit. */
  maxMemoryMb: number;
  /** `noeviction`, or a policy that may drop jobs. */
  evictionPolicy: string;
  /** Whether an append-only file or snapshots keep jobs over a restart. */
  persistence: 'append-only' | 'snapshots' | 'none';
  connections: number;
  maxConnections: number;
  role: 'master' | 'replica';
}

export interface QueueSnapshot {
  name: QueueName;
  waiting: number;
  running: number;
  /** Waiting for a later time: a retry's backoff, or a delay that was asked for. */
  delayed: number;
  /** Dead letters. */
  dead: number;
  done: number;
  /** Jobs enqueued since the queue exists. */
  enqueuedTotal: number;
  /** No worker takes from it until it is resumed. */
  paused: boolean;
  /** Age of the job that has waited longest, or undefined when none waits. */
  oldestWaitSeconds: number | undefined;
}

/**
 * Up to a few dozen jobs of each state, whatever the backlog. Running ones are with their workers,
 * but for those whose parts run.
 */
export interface ListedJobs {
  /** Of each queue those that come next, in that order. */
  waiting: ListedJob[];
  /** Jobs that were split and wait for their parts, begun first first. */
  split: ListedJob[];
  /** Those due next first. */
  delayed: ListedJob[];
  /** Those that ended last first. */
  done: ListedJob[];
  /** Dead letters, the newest first. */
  dead: ListedJob[];
}

/** What is told of a job without opening it. Times in milliseconds since the epoch. */
export interface ListedJob {
  id: string;
  queue: QueueName;
  task: string;
  label: string | undefined;
  enqueuedAt: number;
  /** Start of the last try. */
  startedAt: number | undefined;
  finishedAt: number | undefined;
  /** When a delayed job may run. */
  dueAt: number | undefined;
  attemptsMade: number;
  /** Why the last try failed. */
  reason: string | undefined;
  /** How far its parts are, when it was split: "12/20 pages". */
  progress?: string | undefined;
}

export interface BeatSnapshot {
  id: string;
  /** Undefined for a version that did not tell yet. */
  version: string | undefined;
  /** True for the one scheduler that works; the others stand by. */
  holder: boolean;
  host: string;
  pid: number;
  startedAt: number;
}

export interface ScheduleSnapshot {
  name: string;
  task: string;
  queue: QueueName;
  /** When it is due, as people write it: `0 3 * * * Europe/Berlin`, `every 15m`. */
  rule: string;
  /** Due time (ms since the epoch) of the tick to come; past while it is late. None while paused. */
  nextDueAt: number | undefined;
  /** Due time of the last tick that was sent. */
  lastDueAt: number | undefined;
  /** When its last job was sent, by a tick or by hand. */
  lastSentAt: number | undefined;
  lastJobId: string | undefined;
  /** What has become of that job; `removed`: its record is gone. */
  lastResult: JobResult | undefined;
  /** The tick to come is later than it may be: no beat runs, or none gets through. */
  overdue: boolean;
  /** The last tick lies ahead of Redis's clock, which was set back: none is due until it gets there. */
  clockSetBack: boolean;
  paused: boolean;
}

export type JobResult = 'waiting' | 'running' | 'done' | 'dead' | 'removed';

/** What flowed through the system in one stretch of time, over all workers. */
export interface FlowBucket {
  /** Start, in milliseconds since the epoch. */
  startsAt: number;
  /** When the first count in it was made: later than its start only where nobody counted before. */
  since: number;
  queues: Map<QueueName, QueueFlow>;
  tasks: Map<string, TaskFlow>;
}

export interface QueueFlow {
  /** Jobs enqueued since the queue exists, as counted first and last in this stretch, if at all. */
  enqueuedBefore: number | undefined;
  enqueuedTotal: number | undefined;
  /** Jobs that waited when they were last counted in this stretch. */
  waiting: number | undefined;
  completed: number;
  /** Tries that failed, whatever became of the job. */
  failed: number;
  /** Waiting time of the jobs that started. */
  wait: Histogram;
}

export interface TaskFlow {
  completed: number;
  failed: number;
  /** Service time of the jobs that ended. */
  service: Histogram;
  /** CPU time of the jobs that ended. */
  cpuSeconds: number;
}
