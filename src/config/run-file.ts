import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folder for everything dsw keeps in a project: private Redis, documents, logs. */
export const STATE_FOLDER = '.dsw';

const RUN_FILE = join(STATE_FOLDER, 'run.json');
/** Holds the process that may start a private Redis here. */
const LOCK_FILE = join(STATE_FOLDER, 'up.lock');

/** What a running `dsw up` leaves for other dsw commands in the same folder. */
export interface RunFile {
  /** Address of the private Redis, with its password. */
  redisUrl: string;
  redisPid: number;
  /** The process of `dsw up`. */
  pid: number;
}

export function readRunFile(): RunFile | undefined {
  try {
    return JSON.parse(readFileSync(RUN_FILE, 'utf8')) as RunFile;
  } catch {
    return undefined;
  }
}

/** Readable by its owner only: it holds a password. */
export function writeRunFile(content: RunFile): void {
  mkdirSync(STATE_FOLDER, { recursive: true, mode: 0o700 });
  writeFileSync(RUN_FILE, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
}

export function removeRunFile(): void {
  rmSync(RUN_FILE, { force: true });
}

/**
 * Claims this folder for one `dsw up`, until `releaseFolder`. Of several that start at once, one gets it.
 * @returns the process that has it already; undefined when it is ours now.
 */
export function claimFolder(): number | undefined {
  mkdirSync(STATE_FOLDER, { recursive: true, mode: 0o700 });
  for (;;) {
    if (wroteLock()) return undefined;
    const holder = lockHolder(LOCK_FILE);
    if (holder === undefined) continue;
    // Our own number is that of an earlier life: a container gives it out again.
    if (holder !== process.pid && isRunning(holder)) return holder;
    removeLockOf(holder);
  }
}

export function releaseFolder(): void {
  rmSync(LOCK_FILE, { force: true });
}

/** @returns false when there is a lock already. */
function wroteLock(holder = process.pid): boolean {
  try {
    writeFileSync(LOCK_FILE, String(holder), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function lockHolder(path: string): number | undefined {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Removes the lock of a process that died; what another has claimed meanwhile is put back. */
function removeLockOf(dead: number): void {
  const aside = `${LOCK_FILE}.${process.pid}`;
  try {
    renameSync(LOCK_FILE, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const holder = lockHolder(aside);
  rmSync(aside, { force: true });
  if (holder !== undefined && !Object.is(holder, dead)) wroteLock(holder);
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
