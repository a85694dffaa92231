import type { QueueName } from './queue-names.js';

// What workers and their supervisors say of themselves, as a snapshot holds it.

export interface WorkerSnapshot {
  id: string;
  host: string;
  pid: number;
  version: string;
  /** `lost`: no heartbeat for longer than promised. */
  state: 'starting' | 'running' | 'draining' | 'lost';
  /** Seconds since its last heartbeat, and how often there should be one. */
  silentSeconds: number;
  heartbeatSeconds: number;
  /** Why it takes no jobs although it could: memory pressure, a full Redis. */
  holdingBack: string | undefined;
  /** Why its free slots take nothing, as it says itself; undefined without any, or while it asks for jobs. */
  idle: IdleSlots | undefined;
  queues: QueueName[];
  slots: number;
  busy: number;
  running: RunningJob[];
  /** Since the worker started: jobs completed, tries failed, slots replaced. */
  completed: number;
  failed: number;
  recycled: number;
  /** Results that came too late to count, since the worker started: somebody else had the job. */
  lostResults: number;
  startedAt: number;
  /** Memory in use by the worker, and what it may use at most. */
  memoryMb: number;
  memoryLimitMb: number;
  /** Cores in use over the last heartbeat, and how many it may use. */
  cpuCores: number;
  cpuLimitCores: number;
  /** Median of the last heartbeats. */
  redisRoundTripMs: number;
  /** Its host's clock minus Redis's. */
  clockSkewMs: number;
  leaseSeconds: number;
  drainSeconds: number;
  /** A slot is replaced after so many jobs; 0: never. */
  maxTasksPerSlot: number;
  /** Time limits of a try, by task, of the tasks that have any. */
  timeLimits: Record<string, TimeLimits>;
  /** It is process 1 of its container without an init in front. */
  isPid1: boolean;
}

/** Why free slots of a worker take no job. */
export interface IdleSlots {
  /**
   * `no jobs`: it found its queues empty, or paused. `memory`, `redis`, `store`: it holds back.
   * `suspect`: a job that was there when a worker died runs alone, or waits to. `unreached`: it has
   * not got through to its queues. `new slot`: one is being made ready.
   */
  cause: 'no jobs' | 'memory' | 'redis' | 'store' | 'suspect' | 'unreached' | 'new slot';
  reason: string;
  /** The suspected job. */
  jobId?: string;
}

export interface TimeLimits {
  /** After this, a running try is asked to finish. */
  softSeconds?: number | undefined;
  /** After this, it is ended and has failed. */
  hardSeconds?: number | undefined;
}

export interface RunningJob {
  id: string;
  queue: QueueName;
  task: string;
  label: string | undefined;
  /** Milliseconds since the epoch. */
  startedAt: number;
  /** What the task last reported, such as "page 3/7". */
  progress: string | undefined;
}

export interface SupervisorSnapshot {
  id: string;
  host: string;
  pid: number;
  startedAt: number;
  /** How many workers it is to keep running. */
  replicas: number;
}
