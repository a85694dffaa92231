/** What kind of failure this is; the command line turns it into an exit code. */
export type DswErrorCode =
  /** Wrong flags or arguments. */
  | 'usage'
  /** dsw.yaml, an environment variable or a profile is wrong. */
  | 'config'
  /** A document or a task input can't be accepted, however often it is tried. */
  | 'refused'
  /** Something outside dsw (Redis, a program, a disk) is missing or does not answer. */
  | 'unavailable'
  /** The work itself failed. */
  | 'failed';

export interface DswErrorOptions {
  /** What the user can do about it, as one sentence. */
  hint?: string;
  cause?: unknown;
}

/** An error whose message is meant for the user: one clear line, and a hint where one exists. */
export class DswError extends Error {
  readonly code: DswErrorCode;
  readonly hint: string | undefined;

  constructor(code: DswErrorCode, message: string, options: DswErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'DswError';
    this.code = code;
    this.hint = options.hint;
  }
}

/** What went wrong, in words: anything can be thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Why a request failed: fetch says "fetch failed", and why in its cause. */
export function fetchProblem(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  if (cause instanceof Error) return cause.message;
  return messageOf(error);
}
