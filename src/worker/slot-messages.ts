import type { MessagePort } from 'node:worker_threads';
import type { TaskSettings } from '../config/task-settings.js';
import type { ProgramSpec } from '../tasks/program-host.js';
import type { StoreOptions } from '../documents/open-store.js';

/** What a worker and its slots' threads say to each other. */

/** Given to a slot's thread when it starts. */
export interface SlotSetup {
  store: StoreOptions;
  redisUrl: string;
  prefix: string;
  /** Modules with the user's own tasks. */
  taskModules: string[];
  settings: TaskSettings;
  /** The memory of the slot's Claims. */
  claims: SharedArrayBuffer;
}

export type SlotRequest =
  /** Load what the named tasks need before the first job. The port brings orders during a job. */
  | { kind: 'warmUp'; tasks: string[]; orders: MessagePort }
  /** Run jobs one after the other, as far as they can be claimed. */
  | { kind: 'run'; jobs: SlotJob[] };

export interface SlotJob {
  id: string;
  task: string;
  /** The payload as JSON. */
  data: string;
  attempt: number;
}

export interface SlotAnswer {
  /** For each job that was claimed, in order. */
  replies: SlotReply[];
  /** JavaScript heap, array buffers and WebAssembly memory of the thread. */
  memoryMb: number;
}

/** How a job ended inside the slot. */
export type JobEnding =
  | { outcome: 'completed'; value: string }
  | {
      outcome: 'failed';
      reason: string;
      stack: string;
      /** Whether another try might succeed. */
      recoverable: boolean;
      /** Whether the slot's memory can't be trusted any more. */
      spoiled: boolean;
      /** Whether the document store had no room: not the job's fault. */
      storeFull: boolean;
    };

export type SlotReply = JobEnding & { serviceMs: number; cpuMs: number };

/** Sent by the thread while a job runs. */
export interface SlotProgress {
  jobId: string;
  progress: string;
}

/** Sent to the thread while a job runs. */
export type SlotOrder = { abort: string; reason: string } | ProgramAnswer;

/** Sent by the thread, through the port that brings its orders: have a program of the worker's answer. */
export interface ProgramQuestion {
  question: number;
  program: ProgramSpec;
  text: string;
}

export type ProgramAnswer = { question: number } & ({ text: string } | { error: string });
