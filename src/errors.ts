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

const FILE_PROBLEMS: Partial<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'expected a file, got a folder',
  ENOTDIR: 'expected a folder, got a file',
  EEXIST: 'expected a folder, got a file',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many open files',
};

/** Why the system refuses a file, in words; undefined for what is not about a file. */
export function fileProblem(error: unknown): string | undefined {
  const { code = '' } = (error ?? {}) as { code?: unknown };
  return FILE_PROBLEMS[String(code)];
}

/** Whether a disk, or a share of one, is full; also when that is the cause of an error. */
export function isOutOfSpace(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT' || isOutOfSpace(error.cause);
}

/** Why a request failed: fetch says "fetch failed", and why in its cause. */
export function fetchProblem(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  if (cause instanceof Error) return cause.message;
  return messageOf(error);
}
