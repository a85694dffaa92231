import type { ZodType } from 'zod';
import type { DocumentStore } from '../documents/document-store.js';
import type { Logger } from '../log.js';
import type { ProgramHost } from './program-host.js';

// What "dsw/tasks" exports: its types may name nothing that a user's project has not installed.

/** How long a step of a job may take, and what is said of the job when it takes longer. */
export interface StepLimit {
  seconds: number;
  otherwise: string;
}

/** What a task is given beside its input. */
export interface TaskContext {
  jobId: string;
  /** 1 for the first try. */
  attempt: number;
  /**
   * Aborted when the job is cancelled, out of its soft time limit, or has to make way for a drain.
   * A task that ends soon after loses nothing; one that does not is ended with its thread.
   */
  signal: AbortSignal;
  documents: DocumentStore;
  /** Programs that outlive the slot. */
  programs: ProgramHost;
  /**
   * Tells people how far the job is: "page 3/7".
   * @param within ends the try for good unless the next report, or the job's end, comes in time.
   */
  progress(text: string, within?: StepLimit): void;
  /** Writes to the worker's log, with the job's id. Never document content. */
  log: Logger;
}

/** How often, and how much later, a failed job is tried again. */
export interface RetryPolicy {
  /** Tries in all, at least 1. */
  attempts: number;
  /** Ceiling of the first delay; it doubles with each try. */
  backoffSeconds: number;
  maxBackoffSeconds: number;
}

/** What a task says of its tries; what it leaves open, the settings say under `jobs`. */
export interface TaskPolicy {
  retry?: Partial<RetryPolicy>;
  /** After this, `signal` is aborted: finish soon. */
  softLimitSeconds?: number;
  /** After this, the slot's thread is ended and the try has failed. */
  hardLimitSeconds?: number;
}

/** A kind of work. `run` and `warmUp` are called inside a slot: a thread that runs one job at a time. */
export interface TaskDefinition<Input, Output, Context = TaskContext> extends TaskPolicy {
  /** Letters, digits, "_", "." and "-". */
  name: string;
  /** Checks a job's input before `run`; a job that fails it is a dead letter at once. */
  input: ZodType<Input>;
  /** Loads what every job of this task needs, once, before the slot takes its first job. */
  warmUp?(): Promise<void>;
  /** Does the work. The returned value is the job's result: small, and free of document content. */
  run(input: Input, context: Context): Promise<Output>;
}

/** Declares a task with its types inferred from the schema. */
export function defineTask<Input, Output>(
  task: TaskDefinition<Input, Output>,
): TaskDefinition<Input, Output> {
  return task;
}

/** Thrown by a task when trying again can't help: the job becomes a dead letter at once. */
export class UnrecoverableError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UnrecoverableError';
  }
}

/** Thrown when what the slot holds in memory can't be trusted any more: the slot is replaced. */
export class SpoiledSlotError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SpoiledSlotError';
  }
}
