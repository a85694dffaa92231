import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { ProgramHost, ProgramSpec } from '../tasks/program-host.js';

/** A program that says nothing for so long is ended. */
const SILENCE_MS = 60_000;
/** A program that nobody has asked for so long is ended. */
const IDLE_MS = 10 * 60_000;

/** The programs that tasks of one worker use: started when first asked, ended with the worker. */
export class Programs implements ProgramHost {
  readonly #running = new Map<string, RunningProgram>();
  #stopped = false;

  async ask(program: ProgramSpec, text: string): Promise<string> {
    if (this.#stopped) throw new Error('the worker is stopping');
    let running = this.#running.get(program.name);
    if (!running || running.ended) {
      running = new RunningProgram(program);
      this.#running.set(program.name, running);
    }
    return await running.ask(text);
  }

  /** Ends them all; none is started any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#running.values()].map((program) => program.end()));
  }
}

interface Question {
  answer(text: string): void;
  fail(error: Error): void;
}

/** One running program: answers come in the order of the questions. */
class RunningProgram {
  readonly #name: string;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #exit: Promise<void>;
  readonly #asked: Question[] = [];
  #heard: Buffer[] = [];
  #complaint = '';
  #timer: NodeJS.Timeout | undefined;
  ended = false;

  constructor({ name, command, args }: ProgramSpec) {
    this.#name = name;
    // A group of its own: a pipeline is several processes, and Ctrl-C in the terminal is not for it.
    this.#child = spawn(command, args, { detached: true });
    this.#child.stdout.on('data', (bytes: Buffer) => this.#hear(bytes));
    this.#child.stderr.on('data', (bytes: Buffer) => {
      this.#complaint = (this.#complaint + bytes.toString()).slice(-500);
    });
    // What could not be written shows in the end of the program.
    this.#child.stdin.on('error', () => undefined);
    this.#exit = new Promise((resolve) => {
      const gone = (reason: string): void => {
        this.#over(reason);
        resolve();
      };
      this.#child.once('error', (error) => gone(error.message));
      this.#child.once('close', (code, signal) => gone(`it ended (${signal ?? code})`));
    });
  }

  ask(text: string): Promise<string> {
    return new Promise((answer, fail) => {
      this.#asked.push({ answer, fail });
      this.#child.stdin.write(`${text}\0`);
      this.#watch();
    });
  }

  /** Lets it finish by itself, and ends what does not. */
  async end(): Promise<void> {
    this.#child.stdin.end();
    const timer = setTimeout(() => this.kill(), 1000);
    await this.#exit;
    clearTimeout(timer);
  }

  kill(): void {
    const { pid } = this.#child;
    if (pid === undefined || this.ended) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }

  #hear(bytes: Buffer): void {
    let rest = bytes;
    for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
      const answer = Buffer.concat([...this.#heard, rest.subarray(0, end)]).toString();
      this.#heard = [];
      rest = rest.subarray(end + 1);
      this.#asked.shift()?.answer(answer);
    }
    if (rest.length > 0) this.#heard.push(rest);
    this.#watch();
  }

  #watch(): void {
    clearTimeout(this.#timer);
    const waitMs = this.#asked.length > 0 ? SILENCE_MS : IDLE_MS;
    this.#timer = setTimeout(() => this.kill(), waitMs).unref();
  }

  #over(reason: string): void {
    this.ended = true;
    clearTimeout(this.#timer);
    const detail = this.#complaint.trim().split('\n').at(-1) ?? '';
    const error = new Error(`${this.#name}: ${reason}${detail && `: ${detail}`}`);
    for (const { fail } of this.#asked.splice(0)) fail(error);
  }
}
