import type { QueueName } from './queue-names.js';

/**
 * The state of a dsw system at one moment. Everything that shows or judges the state reads this
 * value; it comes from Redis, or from a simulation.
 */
export interface SystemSnapshot {
  /** Milliseconds since the epoch, by Redis's clock. */
  at: number;
  queues: QueueSnapshot[];
  workers: WorkerSnapshot[];
  beats: BeatSnapshot[];
}

export interface QueueSnapshot {
  name: QueueName;
  waiting: number;
  /** Running now. */
  active: number;
  /** Waiting for a later time: a retry's backoff, or a delay that was asked for. */
  delayed: number;
  /** Dead letters. */
  dead: number;
  completed: number;
  /** Age of the job that has waited longest, or undefined when none waits. */
  oldestWaitSeconds: number | undefined;
}

export interface WorkerSnapshot {
  id: string;
  host: string;
  pid: number;
  version: string;
  /** `lost`: no heartbeat for longer than promised. */
  state: 'starting' | 'running' | 'draining' | 'lost';
  queues: QueueName[];
  slots: number;
  busy: number;
  running: RunningJob[];
  /** Jobs that ended since the worker started. */
  completed: number;
  failed: number;
  startedAt: number;
  memoryMb: number;
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

export interface BeatSnapshot {
  id: string;
  /** True for the one scheduler that works; the others stand by. */
  holder: boolean;
  host: string;
  pid: number;
  startedAt: number;
}
