import type { QueueName } from '../planning/queue-names.js';
import type { Machine } from './machine.js';

/** Everything a worker needs to know. */
export interface WorkerOptions {
  redisUrl: string;
  prefix: string;
  store: string;
  slots: number;
  /** Most urgent first. */
  queues: readonly QueueName[];
  leaseSeconds: number;
  heartbeatSeconds: number;
  backoff: { baseSeconds: number; maxSeconds: number };
  version: string;
  /** What this worker may use. */
  machine: Machine;
}
