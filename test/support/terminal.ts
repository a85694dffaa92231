import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { packageRoot } from '../../src/config/package-root.js';
import type { DswOptions } from './dsw-process.js';

/** Whether a program can be given a terminal here. */
export const hasTerminal = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;

const TIMEOUT_MS = 15_000;
const END_UPDATE = '\u001b[?2026l';
const PLACED_LINE = /\u001b\[(\d+);1H\u001b\[2K(.*?)(?=\u001b\[\d+;1H|\u001b\[\?2026|$)/gs;
const CODES = /\u001b\[[\d;?]*[a-zA-Z]/g;

/** A dsw command on a terminal of 80 × 24 that a test looks at and types on. */
export class TestTerminal {
  readonly ended: Promise<number | null>;
  readonly #lines: string[] = [];
  readonly #keyboard: NodeJS.WritableStream;
  #sent = '';
  /** How far of it is on screen. */
  #painted = 0;

  constructor(args: string[], { cwd, env }: DswOptions) {
    const dsw = [process.execPath, join(packageRoot(), 'bin', 'dsw.js'), ...args];
    const quoted = dsw.map((word) => `'${word}'`).join(' ');
    const child = spawn('script', ['-qfec', `stty cols 80 rows 24; exec ${quoted}`, '/dev/null'], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#keyboard = child.stdin;
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#paint(text));
    this.ended = once(child, 'close').then(([code]) => code as number | null);
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await this.ended;
    });
  }

  /** All that came, with its escape codes. */
  get sent(): string {
    return this.#sent;
  }

  /** Presses keys, once the screen shows something, and waits for what they lead to. */
  async press(keys: string, shows: RegExp): Promise<void> {
    this.#keyboard.write(keys);
    await this.shows(shows);
  }

  /** Resolves when the whole screen matches. */
  async shows(expected: RegExp): Promise<void> {
    await expect
      .poll(() => this.#lines.join('\n'), { timeout: TIMEOUT_MS, interval: 20 })
      .toMatch(expected);
  }

  /** Paints the updates that have come in full: in each, lines behind the codes of their places. */
  #paint(text: string): void {
    this.#sent += text;
    const end = this.#sent.lastIndexOf(END_UPDATE);
    if (end <= this.#painted) return;
    for (const [, row, line = ''] of this.#sent.slice(this.#painted, end).matchAll(PLACED_LINE))
      this.#lines[Number(row) - 1] = line.replaceAll(CODES, '');
    this.#painted = end;
  }
}
