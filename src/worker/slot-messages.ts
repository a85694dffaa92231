import type { MessagePort } from 'node:worker_threads';
import type { TaskSettings } from '../config/task-settings.js';
import type { StoreOptions } from '../documents/open-store.js';
import type { LogFields, Logger } from '../log.js';
import type { JobParts, PartsProgress } from '../queues/job-parts.js';
import type { StepLimit } from '../tasks/contract.js';
import type { ProgramSpec } from '../tasks/program-host.js';
import type { TaskFacts } from '../tasks/task-modules.js';

/** What a worker and its slots' threads say to each other. */

/** Given to a slot's thread when it starts. */
export interface SlotSetup {
  store: StoreOptions;
  /** Without one, a task can't look at jobs. */
  redisUrl: string | undefined;
  prefix: string;
  /** Modules with the user's own tasks. */
  taskModules: string[];
  /** Whether another slot has found those tasks well formed. */
  tasksChecked?: boolean;
  settings: TaskSettings;
  /** The memory of the slot's Claims. */
  claims: SharedArrayBuffer;
}

export type SlotRequest =
  /** Load what the named tasks need before the first job. The port brings orders during a job. */
  | { kind: 'warmUp'; tasks: string[]; orders: MessagePort }
  /** Say what tasks there are. */
  | { kind: 'describe' }
  /** Run jobs one after the other, as far as they can be claimed. */
  | { kind: 'run'; jobs: SlotJob[] };

export interface SlotJob {
  id: string;
  task: string;
  /** The payload as JSON. */
  data: string;
  attempt: number;
  /** When it was split before. */
  parts?: PartsProgress | undefined;
}

export interface SlotAnswer {
  /** For each job that was claimed, in order. */
  replies: SlotReply[];
  /** When they were asked for. */
  facts?: TaskFacts[];
  /** JavaScript heap, array buffers and WebAssembly memory of the thread. */
  memoryMb: number;
}

/** Instead of an answer: why no job will ever run here, as a message for the user. */
export interface SlotRefusal {
  refused: string;
  hint: string | undefined;
}

/**
 * Whether another try might help. `once`: it broke its slot, which another slot's history may have
 * been to blame for; when it does so again, it is the job.
 */
export type MoreTries = 'as many as allowed' | 'once' | 'none';

/** How a job ended inside the slot. */
export type JobEnding =
  | { outcome: 'completed'; value: string }
  | { outcome: 'split'; parts: JobParts }
  | {
      outcome: 'failed';
      reason: string;
      stack: string;
      moreTries: MoreTries;
      /** Whether the slot's memory can't be trusted any more. */
      spoiled: boolean;
      /** Whether the document store had no room: not the job's fault. */
      storeFull: boolean;
    };

export type SlotReply = JobEnding & {
  serviceMs: number;
  cpuMs: number;
  /** Milliseconds since the epoch. */
  endedAt: number;
  /** When each page of the document was begun, if the task said so. */
  pages: PageStart[];
};

export interface PageStart {
  number: number;
  /** Milliseconds since the epoch. */
  at: number;
}

/** Sent by the thread while a job runs. */
export type SlotNews =
  /** With it, how long the step that it tells of may take. */
  | { jobId: string; progress: string; within: StepLimit | undefined }
  | { jobId: string; level: keyof Logger; message: string; fields: LogFields | undefined };

/** Sent to the thread while a job runs. */
export type SlotOrder = { abort: string; reason: string } | ProgramAnswer;

/** Sent by the thread, through the port that brings its orders: have a program of the worker's answer. */
export interface ProgramQuestion {
  question: number;
  program: ProgramSpec;
  text: string;
}

export type ProgramAnswer = { question: number } & ({ text: string } | { error: string });
