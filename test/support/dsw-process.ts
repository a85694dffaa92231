import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { packageRoot } from '../../src/config/package-root.js';

export interface DswRun {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface DswOptions {
  cwd: string;
  env?: Record<string, string>;
  /** A command that runs it: `unshare …`. */
  inside?: string[];
}

/** A dsw process that a test talks to. It ends with the test. */
export class DswProcess {
  readonly child: ChildProcess;
  #stdout = '';
  #stderr = '';
  #watchers: (() => void)[] = [];
  readonly #ended: Promise<DswRun>;

  constructor(args: string[], { cwd, env, inside = [] }: DswOptions) {
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(REDIS_URL|DSW_.*|OTEL_.*)$/.test(name),
    );
    const dsw = [process.execPath, join(packageRoot(), 'bin', 'dsw.js'), ...args];
    const [command = '', ...rest] = [...inside, ...dsw];
    this.child = spawn(command, rest, {
      cwd,
      env: { ...Object.fromEntries(inherited), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      this.#changed();
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
      this.#changed();
    });
    this.#ended = once(this.child, 'close').then(([code, signal]) => {
      this.#changed();
      return {
        code: code as number | null,
        signal: signal as NodeJS.Signals | null,
        stdout: this.#stdout,
        stderr: this.#stderr,
      };
    });
  }

  /** Resolves when the process has ended. */
  get ended(): Promise<DswRun> {
    return this.#ended;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** Resolves with the first match in what the process has said, on either stream. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.#stdout) ?? pattern.exec(this.#stderr);
      if (match) return match;
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        throw new Error(
          `ended without saying ${String(pattern)}:\n${this.#stdout}\n${this.#stderr}`,
        );
      }
      await new Promise<void>((resolve) => this.#watchers.push(resolve));
    }
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<DswRun> {
    this.child.kill(signal);
    return await this.#ended;
  }

  #changed(): void {
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const watcher of watchers) watcher();
  }
}

/** Starts a dsw process that runs until the test stops it. */
export function startDsw(args: string[], options: DswOptions): DswProcess {
  const dsw = new DswProcess(args, options);
  onTestFinished(async () => {
    dsw.child.kill('SIGKILL');
    await dsw.ended;
  });
  return dsw;
}

/** Runs a dsw command to its end. */
export function runDsw(args: string[], options: DswOptions): Promise<DswRun> {
  return new DswProcess(args, options).ended;
}
