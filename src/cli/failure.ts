import { CommanderError } from 'commander';
import { DswError, fileProblem, messageOf } from '../errors.js';
import { oneLine } from '../shown-text.js';

/** Exit code of a command that threw: 2 for wrong usage, configuration or profile, else 1. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof DswError && (error.code === 'usage' || error.code === 'config')) return 2;
  return 1;
}

/** What the user reads of an error: its line and its hint; the stack only for who debugs dsw. */
export function describeError(error: unknown, debug: boolean): string {
  if (debug && error instanceof Error) return error.stack ?? error.message;
  // Paths and names in it may be anything; a line each is meant.
  return toldOf(error).split('\n').map(oneLine).join('\n');
}

function toldOf(error: unknown): string {
  if (error instanceof DswError) {
    return error.hint === undefined
      ? `dsw: ${error.message}`
      : `dsw: ${error.message}\n  ${error.hint}`;
  }
  const refusal = redisRefusal(error);
  if (refusal !== undefined) return `dsw: Redis refused: ${refusal}`;
  const trouble = systemRefusal(error);
  if (trouble !== undefined) return `dsw: ${trouble}`;
  const message = messageOf(error);
  return `dsw: ${message}\n  This is a fault in dsw; DSW_DEBUG=1 shows where.`;
}

/** What to do when Redis answers a command with one of these. */
const REFUSALS: Record<string, string> = {
  OOM: 'It is full: raise maxmemory, or remove finished jobs (cleanup.maxAgeHours).',
  MISCONF: 'It can not save to disk: look at its log and its disk.',
  READONLY: 'This is a replica: use the address of the master.',
  LOADING: 'It is still loading its data: try again in a moment.',
  NOPERM: 'This user may not: see ACL LIST.',
};

/** The reply and the remedy, when an error is Redis's own. */
function redisRefusal(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.name !== 'ReplyError') return undefined;
  const code = Object.keys(REFUSALS).find((known) => error.message.includes(known));
  return code === undefined ? error.message : `${error.message}\n  ${REFUSALS[code] ?? ''}`;
}

/** What to do about what the operating system refuses. */
const REMEDIES: Partial<Record<string, string>> = {
  ENOSPC: 'Nothing was kept of this call: make room, then try again.',
  EDQUOT: 'Nothing was kept of this call: make room, then try again.',
  EROFS: 'Name another place by --store, or mount it for writing.',
  EACCES: 'Who runs dsw must be allowed to read and write there.',
  EPERM: 'Who runs dsw must be allowed to read and write there.',
  EMFILE: 'Raise the limit: ulimit -n.',
};

/** The same for errors of the operating system, with the path that it is about. */
function systemRefusal(error: unknown): string | undefined {
  const what = fileProblem(error);
  if (what === undefined || !(error instanceof Error)) return undefined;
  const { code = '', path } = error as NodeJS.ErrnoException;
  return [`${what}: ${path ?? error.message}`, REMEDIES[code]].join('\n  ').trimEnd();
}
