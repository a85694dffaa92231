import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { DswError } from '../errors.js';
import { StartStop } from '../lifecycle.js';
import type { RedisProgram } from './redis-program.js';

const START_TIMEOUT_MS = 10_000;

export interface PrivateRedisOptions {
  program: RedisProgram;
  /** Where its data lies; made when missing. */
  folder: string;
  /** Where it listens; by default on a free port, with a new password. */
  address?: RedisAddress;
  /** Further lines of its configuration. */
  directives?: readonly string[];
}

export interface RedisAddress {
  port: number;
  password: string;
}

/**
 * A Redis server of dsw's own: reachable from this machine only, with a password, keeping its data
 * in an append-only file.
 */
export class PrivateRedis extends StartStop {
  readonly #options: PrivateRedisOptions;
  #process: ChildProcess | undefined;
  #address: RedisAddress | undefined;

  constructor(options: PrivateRedisOptions) {
    super();
    this.#options = options;
  }

  /** Undefined before `start`. */
  get address(): RedisAddress | undefined {
    return this.#address;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Calls `listener` once when the server ends, for whatever reason. */
  onExit(listener: () => void): void {
    this.#process?.once('exit', listener);
  }

  abandon(): void {
    this.#process?.kill('SIGTERM');
  }

  protected async onStart(): Promise<void> {
    const { program } = this.#options;
    const folder = resolve(this.#options.folder);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const address = this.#options.address ?? (await freeAddress());
    const child = spawn(program.command, ['-'], {
      argv0: program.argv0,
      cwd: folder,
      stdio: ['pipe', 'pipe', 'ignore'],
      // Ctrl-C in the terminal goes to the whole group: dsw decides when its Redis ends.
      detached: true,
    });
    this.#process = child;
    // The configuration goes in by stdin, so the password stands in no process list.
    child.stdin.end(configuration(folder, address, this.#options.directives ?? []));
    await readyToServe(child);
    this.#address = address;
  }

  protected async onStop(): Promise<void> {
    const child = this.#process;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
}

/** The address as a URL, with the password in it. */
export function redisUrlOf({ port, password }: RedisAddress): string {
  return `redis://:${password}@127.0.0.1:${port}`;
}

function configuration(
  folder: string,
  { port, password }: RedisAddress,
  directives: readonly string[],
): string {
  return [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    // Its quoted strings are those of JSON, as far as paths go.
    `dir ${JSON.stringify(folder)}`,
    'daemonize no',
    'save ""',
    'appendonly yes',
    'appendfsync everysec',
    'maxmemory-policy noeviction',
    ...directives,
    '',
  ].join('\n');
}

async function readyToServe(child: ChildProcess): Promise<void> {
  let log = '';
  await new Promise<void>((ready, fail) => {
    const timer = setTimeout(() => fail(failure('it said nothing for 10 s')), START_TIMEOUT_MS);
    const failure = (reason: string): DswError =>
      new DswError('unavailable', `the private Redis did not start: ${reason}`);
    child.once('error', (error) => fail(failure(error.message)));
    child.once('exit', () => fail(failure(log.trim().split('\n').at(-1) ?? 'it ended at once')));
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-4000);
      if (!log.includes('Ready to accept connections')) return;
      clearTimeout(timer);
      ready();
    });
  });
  child.removeAllListeners('exit');
}

async function freeAddress(): Promise<RedisAddress> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address === 'object' && address !== null) {
    return { port: address.port, password: randomBytes(18).toString('base64url') };
  }
  throw new DswError('unavailable', 'no free port on 127.0.0.1');
}
