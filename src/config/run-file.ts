import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folder for everything dsw keeps in a project: private Redis, documents, logs. */
export const STATE_FOLDER = '.dsw';

const RUN_FILE = join(STATE_FOLDER, 'run.json');

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

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
