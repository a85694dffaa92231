import { join } from 'node:path';
import {
  claimFolder,
  isRunning,
  readRunFile,
  releaseFolder,
  removeRunFile,
  STATE_FOLDER,
  writeRunFile,
} from '../config/run-file.js';
import { DswError } from '../errors.js';
import { StartStop } from '../lifecycle.js';
import { connectRedis } from '../queues/connection.js';
import { ensureRedisProgram } from './install-redis.js';
import { PrivateRedis, redisUrlOf, type RedisAddress } from './private-redis.js';
import type { RedisProgram } from './redis-program.js';

const RESTART_MS = 500;

/** The private Redis of this folder, which other dsw commands here find by themselves. */
export class OwnRedis extends StartStop {
  readonly #say: (line: string) => void;
  #server: PrivateRedis | undefined;
  #timer: NodeJS.Timeout | undefined;
  #url = '';
  #claimed = false;

  constructor(say: (line: string) => void) {
    super();
    this.#say = say;
  }

  /** Its address, which stays the same when the server has to be started again. */
  get url(): string {
    return this.#url;
  }

  abandon(): void {
    clearTimeout(this.#timer);
    this.#server?.abandon();
    this.#release();
  }

  protected async onStart(): Promise<void> {
    const holder = claimFolder();
    if (holder !== undefined)
      throw new DswError('failed', `dsw up already runs in this folder (process ${holder})`, {
        hint: 'Watch it with "dsw top", or stop it first. Is that process no dsw? Remove .dsw/up.lock.',
      });
    this.#claimed = true;
    await clearAway();
    await this.#launch(ensureRedisProgram(this.#say));
  }

  protected async onStop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#server?.stop();
    this.#release();
  }

  #release(): void {
    if (!this.#claimed) return;
    removeRunFile();
    releaseFolder();
  }

  async #launch(program: RedisProgram, address?: RedisAddress): Promise<void> {
    const folder = join(STATE_FOLDER, 'redis');
    const server = new PrivateRedis({ program, folder, ...(address ? { address } : {}) });
    this.#server = server;
    await server.start();
    const at = server.address;
    if (!at) return;
    this.#url = redisUrlOf(at);
    writeRunFile({ redisUrl: this.#url, redisPid: server.pid ?? 0, pid: process.pid });
    server.onExit(() => {
      if (this.stopping) return;
      this.#say('The private Redis ended; starting it again.');
      this.#timer = setTimeout(() => {
        this.#launch(program, at).catch((error: unknown) => this.#say(String(error)));
      }, RESTART_MS);
    });
  }
}

/** Ends the Redis of an earlier run that was killed; two servers must not write the same files. */
async function clearAway(): Promise<void> {
  const run = readRunFile();
  if (!run) return;
  if (isRunning(run.redisPid)) await shutDown(run.redisUrl);
  removeRunFile();
}

async function shutDown(url: string): Promise<void> {
  const redis = await connectRedis(url, { name: 'dsw-up', manner: 'brisk' }).catch(() => undefined);
  // The server answers a shutdown by closing the connection.
  await redis?.shutdown().catch(() => undefined);
  redis?.disconnect();
}
