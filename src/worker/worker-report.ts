import { hostname } from 'node:os';
import type { WorkerSign } from '../queues/heartbeats.js';
import { decodePayload } from '../queues/job-payload.js';
import type { Occupation, SlotPool } from './slot-pool.js';
import type { WorkerOptions } from './worker-options.js';

/** What a worker says of itself in each heartbeat. */
export class WorkerReport {
  state: WorkerSign['state'] = 'starting';
  completed = 0;
  failed = 0;
  readonly #name: string;
  readonly #options: WorkerOptions;
  readonly #slots: SlotPool;
  readonly #startedAt = Date.now();

  constructor(name: string, options: WorkerOptions, slots: SlotPool) {
    this.#name = name;
    this.#options = options;
    this.#slots = slots;
  }

  sign(): WorkerSign {
    const { queues, version, heartbeatSeconds } = this.#options;
    const running = this.#slots.occupations;
    return {
      id: this.#name,
      host: hostname(),
      pid: process.pid,
      version,
      state: this.state,
      queues: [...queues],
      slots: this.#slots.size,
      busy: running.length,
      running: running.map(describeOccupation),
      completed: this.completed,
      failed: this.failed,
      startedAt: this.#startedAt,
      memoryMb: Math.round(process.memoryUsage.rss() / 1024 / 1024),
      heartbeatSeconds,
    };
  }
}

function describeOccupation({
  job,
  startedAt,
  progress,
}: Occupation): WorkerSign['running'][number] {
  return {
    id: job.id,
    queue: job.queue,
    task: job.task,
    label: labelOf(job.data),
    startedAt,
    progress,
  };
}

function labelOf(data: string): string | undefined {
  try {
    return decodePayload(data).label;
  } catch {
    return undefined;
  }
}
