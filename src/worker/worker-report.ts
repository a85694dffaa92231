import { hostname } from 'node:os';
import type { WorkerSign } from '../queues/heartbeats.js';
import { decodePayload } from '../queues/job-payload.js';
import type { Occupation, SlotPool } from './slot-pool.js';
import type { WorkerOptions } from './worker-options.js';

/** What a worker says of itself in each heartbeat. */
export class WorkerReport {
  state: WorkerSign['state'] = 'starting';
  holdingBack: string | undefined;
  completed = 0;
  failed = 0;
  recycled = 0;
  redisRoundTripMs = 0;
  clockSkewMs = 0;
  readonly #name: string;
  readonly #options: WorkerOptions;
  readonly #slots: SlotPool;
  readonly #startedAt = Date.now();
  #cpu = { at: performance.now(), usage: process.cpuUsage() };

  constructor(name: string, options: WorkerOptions, slots: SlotPool) {
    this.#name = name;
    this.#options = options;
    this.#slots = slots;
  }

  sign(): WorkerSign {
    const { queues, version, heartbeatSeconds, leaseSeconds, machine } = this.#options;
    const running = this.#slots.occupations;
    return {
      id: this.#name,
      host: hostname(),
      pid: process.pid,
      version,
      state: this.state,
      holdingBack: this.holdingBack,
      queues: [...queues],
      slots: this.#slots.size,
      busy: running.length,
      running: running.map(describeOccupation),
      completed: this.completed,
      failed: this.failed,
      recycled: this.recycled,
      startedAt: this.#startedAt,
      memoryMb: process.memoryUsage.rss() / 1024 / 1024,
      memoryLimitMb: machine.memoryMb,
      cpuCores: this.#cpuCores(),
      cpuLimitCores: machine.cores,
      redisRoundTripMs: this.redisRoundTripMs,
      clockSkewMs: this.clockSkewMs,
      leaseSeconds,
      drainSeconds: 0,
      maxTasksPerSlot: 0,
      isPid1: process.pid === 1,
      heartbeatSeconds,
    };
  }

  /** Notes what the last heartbeat showed of Redis. */
  heard({ redisNow, roundTripMs }: { redisNow: number; roundTripMs: number }): void {
    this.redisRoundTripMs = roundTripMs;
    // The stamp was taken about half a round trip ago.
    this.clockSkewMs = Math.round(Date.now() - roundTripMs / 2 - redisNow);
  }

  /** Cores in use, by all threads, since the last call. */
  #cpuCores(): number {
    const { at, usage } = this.#cpu;
    const now = performance.now();
    const used = process.cpuUsage(usage);
    this.#cpu = { at: now, usage: process.cpuUsage() };
    return (used.user + used.system) / 1000 / Math.max(1, now - at);
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
