import type { TaskSettings } from '../config/task-settings.js';
import type { WebhookSettings } from '../config/webhook-settings.js';
import type { StoreOptions } from '../documents/open-store.js';
import type { QueueName } from '../planning/queue-names.js';
import type { QueueOrder } from '../planning/queue-order.js';
import type { Telemetry } from '../queues/telemetry.js';
import type { RetryPolicy } from '../tasks/contract.js';
import type { Machine } from './machine.js';

/** Everything a worker needs to know. */
export interface WorkerOptions {
  /** What it is called; a random part follows. */
  name: string;
  redisUrl: string;
  prefix: string;
  store: StoreOptions;
  /** Modules with the user's own tasks. */
  taskModules: string[];
  taskSettings: TaskSettings;
  /** Tasks that every slot is made ready for before it takes a job. */
  warmTasks: readonly string[];
  slots: number;
  /** Most urgent first. */
  queues: readonly QueueName[];
  queueOrder: QueueOrder;
  leaseSeconds: number;
  heartbeatSeconds: number;
  /** Running jobs get so long to finish when the worker stops. */
  drainSeconds: number;
  /** A slot is replaced after so many jobs; 0: never. */
  maxTasksPerSlot: number;
  /** A slot that holds more is ended, also in the middle of a job. */
  slotMemoryMb: number | undefined;
  /** Start even when the slots can't all fit in memory. */
  allowOvercommit: boolean;
  /** A job whose worker died so often while it ran is a dead letter. */
  maxDeaths: number;
  limits: { softLimitSeconds: number | undefined; hardLimitSeconds: number | undefined };
  retry: RetryPolicy;
  webhooks: WebhookSettings;
  /** Told of every try; default: nobody is. */
  telemetry?: Telemetry | undefined;
  version: string;
  /** What this worker may use. */
  machine: Machine;
}
