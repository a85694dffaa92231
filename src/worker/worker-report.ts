import { hostname } from 'node:os';
import type { Logger } from '../log.js';
import { countTry, emptyFlow } from '../planning/flow.js';
import type { FlowBucket, IdleSlots } from '../planning/snapshot.js';
import type { WorkerSign } from '../queues/heartbeats.js';
import { peekPayload } from '../queues/job-payload.js';
import { jobFields, type TryObserver } from './job-runner.js';
import { RecentMedian } from './recent-median.js';
import type { Restraint } from './restraint.js';
import type { Occupation } from './occupation.js';
import type { SlotPool } from './slot-pool.js';
import { allTimeLimits } from './time-limits.js';
import type { WorkerLink } from './worker-link.js';
import type { WorkerOptions } from './worker-options.js';

/** So many jobs a second are logged one by one; the others are counted. */
const LOGGED_PER_SECOND = 20;
const MB = 1024 * 1024;
/** What is counted of jobs that name no task: whoever enqueues must not make the history grow. */
const UNKNOWN_TASK = '(unknown)';

/** A worker as its metrics show it. */
export interface WorkerReading {
  sign: WorkerSign;
  /** What it has done since it started. */
  work: FlowBucket;
}

/** What a worker says of itself: in each heartbeat, and in its log. */
export class WorkerReport {
  state: WorkerSign['state'] = 'starting';
  recycled = 0;
  /** Results that came too late: another worker had the job by then. */
  lostResults = 0;
  /** All tries since the worker started. */
  readonly work: FlowBucket;
  readonly #name: string;
  readonly #options: WorkerOptions;
  readonly #slots: SlotPool;
  readonly #startedAt = Date.now();
  readonly #restraint: Restraint;
  #completed = 0;
  #failed = 0;
  readonly #redisRoundTripMs = new RecentMedian();
  #clockSkewMs = 0;
  #cpu = { at: performance.now(), usage: process.cpuUsage() };
  #logged = { second: 0, lines: 0 };
  #lastSign: WorkerSign | undefined;

  constructor(name: string, options: WorkerOptions, slots: SlotPool, restraint: Restraint) {
    this.#name = name;
    this.#options = options;
    this.#slots = slots;
    this.#restraint = restraint;
    this.work = emptyFlow(this.#startedAt);
  }

  /** What it said last: asking has no effect on what is measured between two signs. */
  get lastSign(): WorkerSign {
    return this.#lastSign ?? this.sign();
  }

  /** Notes what the last heartbeat showed of Redis. */
  heard({ roundTripMs, clockSkewMs }: { roundTripMs: number; clockSkewMs: number }): void {
    this.#redisRoundTripMs.note(roundTripMs);
    this.#clockSkewMs = clockSkewMs;
  }

  /** Counts and logs every try. */
  observe({ flow, samples }: Pick<WorkerLink, 'flow' | 'samples'>, log: Logger): TryObserver {
    return {
      tried: (job, reply, memoryMb) => {
        const completed = reply.outcome === 'completed';
        if (completed) {
          this.#completed += 1;
          this.#restraint.jobDone();
        } else this.#failed += 1;
        const { queue } = job;
        const task = this.#slots.tasks.has(job.task) ? job.task : UNKNOWN_TASK;
        const times = {
          waitSeconds: Math.max(0, job.leasedAt - job.readyAt) / 1000,
          serviceSeconds: reply.serviceMs / 1000,
          cpuSeconds: reply.cpuMs / 1000,
        };
        const record = { queue, task, ...times, completed };
        countTry(this.work, record);
        flow.count(record);
        if (!completed) return;
        const busySlots = this.#slots.occupations.length + 1;
        // Its parts read the pages of one that was split.
        const pages = job.parts ? undefined : pagesOf(reply.value);
        samples.note({ queue, task, ...times, memoryMb, pages, busySlots });
        if (!this.#mayLog(log)) return;
        const { serviceSeconds } = times;
        log.info(`${task} ${job.id} done in ${serviceSeconds.toFixed(1)} s`, {
          ...jobFields(job),
          serviceSeconds,
        });
      },
    };
  }

  /** Keeps a flood of short jobs from drowning the log. */
  #mayLog(log: Logger): boolean {
    const second = Math.floor(Date.now() / 1000);
    if (second !== this.#logged.second) {
      const more = this.#logged.lines - LOGGED_PER_SECOND;
      if (more > 0) log.info(`and ${more} more jobs done in that second`);
      this.#logged = { second, lines: 0 };
    }
    this.#logged.lines += 1;
    return this.#logged.lines <= LOGGED_PER_SECOND;
  }

  /** @param idle why its free slots take nothing. */
  sign(idle?: IdleSlots): WorkerSign {
    const {
      queues,
      version,
      heartbeatSeconds,
      leaseSeconds,
      drainSeconds,
      maxTasksPerSlot,
      machine,
    } = this.#options;
    const occupations = this.#slots.occupations;
    this.#lastSign = {
      id: this.#name,
      host: hostname(),
      pid: process.pid,
      version,
      state: this.state,
      holdingBack: this.#restraint.held?.reason,
      idle,
      queues: [...queues],
      slots: this.#slots.target,
      busy: occupations.length,
      running: occupations.flatMap(describeOccupation),
      completed: this.#completed,
      failed: this.#failed,
      recycled: this.recycled,
      lostResults: this.lostResults,
      startedAt: this.#startedAt,
      memoryMb: process.memoryUsage.rss() / MB,
      memoryLimitMb: machine.memoryMb,
      cpuCores: this.#cpuCores(),
      cpuLimitCores: machine.cores,
      redisRoundTripMs: this.#redisRoundTripMs.value,
      clockSkewMs: this.#clockSkewMs,
      leaseSeconds,
      drainSeconds,
      maxTasksPerSlot,
      timeLimits: allTimeLimits(this.#slots.tasks, this.#options.limits),
      isPid1: process.pid === 1,
      heartbeatSeconds,
    };
    return this.#lastSign;
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

function describeOccupation({ slot, jobs, progress }: Occupation): WorkerSign['running'] {
  const job = jobs[slot.claims.claimed - 1] ?? jobs[0];
  if (!job) return [];
  const startedAt = slot.claims.startedAt;
  return [
    {
      id: job.id,
      queue: job.queue,
      task: job.task,
      label: peekPayload(job.data)?.label,
      startedAt,
      progress,
    },
  ];
}

/** Pages of a document, when the task's result tells. */
function pagesOf(result: string): number | undefined {
  const pages = /^\{[^{}]{0,200}"pages":(\d+)/.exec(result)?.[1];
  return pages === undefined ? undefined : Number(pages);
}
