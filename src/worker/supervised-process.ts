import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { childEnvironment } from '../config/environment.js';
import { packageRoot } from '../config/package-root.js';
import { StartStop, within } from '../lifecycle.js';
import { backoffSeconds } from '../planning/backoff.js';

const RESTART = { baseSeconds: 0.5, maxSeconds: 30 };
/** Up for this long, it counts as healthy and its next death as its first. */
const HEALTHY_MS = 60_000;
const LAST_MOMENT_MS = 400;

export interface SupervisedProcessOptions {
  /** The dsw command line that it runs. */
  args: string[];
  environment: Record<string, string>;
  /** Where its log goes; the terminal when absent. */
  logFile?: string;
  /** Told when it died and when it comes back. */
  onDeath(reason: string, restartSeconds: number): void;
}

/** A dsw command in a process of its own, started again with backoff whenever it dies. */
export class SupervisedProcess extends StartStop {
  readonly #options: SupervisedProcessOptions;
  #process: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #deaths = 0;
  #launchedAt = 0;

  constructor(options: SupervisedProcessOptions) {
    super();
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** For how long the process has been there; 0 while it is to be started again. */
  get upMs(): number {
    return this.#process && !hasEnded(this.#process) ? Date.now() - this.#launchedAt : 0;
  }

  /** Sends the process a question. @returns its answer, or undefined when none comes in time. */
  async ask(question: string, timeoutMs: number): Promise<unknown> {
    const child = this.#process;
    if (!child?.connected) return undefined;
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = once(child, 'message', { signal }).catch(() => []);
    child.send(question, () => undefined);
    return ((await answer) as unknown[])[0];
  }

  protected onStart(): Promise<void> {
    this.#launch();
    return Promise.resolve();
  }

  protected async onStop(): Promise<void> {
    clearTimeout(this.#timer);
    const child = this.#process;
    if (!child || hasEnded(child)) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }

  /** Ends it at once; told a second time to stop, a worker gives back what it runs first. */
  async abandon(): Promise<void> {
    const child = this.#process;
    if (!child || hasEnded(child)) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await within(ended, LAST_MOMENT_MS);
    child.kill('SIGKILL');
  }

  #launch(): void {
    const { args, environment, logFile } = this.#options;
    const log = logFile === undefined ? 'inherit' : openSync(logFile, 'a', 0o600);
    const child = spawn(process.execPath, [join(packageRoot(), 'bin', 'dsw.js'), ...args], {
      env: childEnvironment(environment),
      // The channel tells it when this process is gone, however it went.
      stdio: ['ignore', log, log, 'ipc'],
      // Ctrl-C reaches the whole process group; when to stop it is decided here.
      detached: true,
      serialization: 'advanced',
    });
    if (typeof log === 'number') closeSync(log);
    this.#launchedAt = Date.now();
    this.#process = child;
    child.once('exit', (code, signal) => {
      if (this.stopping) return;
      this.#deaths = Date.now() - this.#launchedAt > HEALTHY_MS ? 1 : this.#deaths + 1;
      const seconds = backoffSeconds(this.#deaths, RESTART, 0.5 + Math.random() / 2);
      this.#options.onDeath(signal ? `killed by ${signal}` : `exit ${code ?? 0}`, seconds);
      this.#timer = setTimeout(() => this.#launch(), seconds * 1000);
    });
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
