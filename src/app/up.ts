import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { STATE_FOLDER } from '../config/run-file.js';
import type { Settings } from '../config/settings.js';
import { StartStop } from '../lifecycle.js';
import { SupervisedProcess } from '../worker/supervised-process.js';
import { OwnRedis } from './own-redis.js';

export interface UpOptions {
  settings: Settings;
  /** The settings file that was named, for the parts to read as well. */
  configPath: string | undefined;
  /** Where the parts log: files, so that a live view has the terminal to itself, or the terminal. */
  logs: 'files' | 'terminal';
  say(line: string): void;
}

const LOG_FOLDER = join(STATE_FOLDER, 'logs');

/** A whole system on this machine: Redis unless one is given, a beat and a worker, kept alive. */
export class Up extends StartStop {
  readonly #options: UpOptions;
  #redis: OwnRedis | undefined;
  #redisUrl = '';
  #parts: SupervisedProcess[] = [];

  constructor(options: UpOptions) {
    super();
    this.#options = options;
  }

  /** Address of the Redis in use. Empty before `start`. */
  get redisUrl(): string {
    return this.#redisUrl;
  }

  async abandon(): Promise<void> {
    await Promise.all(this.#parts.map((part) => part.abandon()));
    this.#redis?.abandon();
  }

  protected async onStart(): Promise<void> {
    const { settings, say } = this.#options;
    this.#redisUrl = settings.redisUrl ?? (await this.#ownRedis(say));
    mkdirSync(LOG_FOLDER, { recursive: true, mode: 0o700 });
    this.#parts = [
      this.#part('beat', []),
      this.#part('alerts', ['watch']),
      this.#part('worker', ['--concurrency', String(settings.worker.concurrency)]),
    ];
    await Promise.all(this.#parts.map((part) => part.start()));
  }

  protected async onStop(): Promise<void> {
    await Promise.all(this.#parts.map((part) => part.stop()));
    await this.#redis?.stop();
  }

  async #ownRedis(say: (line: string) => void): Promise<string> {
    this.#redis = new OwnRedis(say);
    await this.#redis.start();
    return this.#redis.url;
  }

  #part(name: string, flags: string[]): SupervisedProcess {
    const { settings, configPath, logs, say } = this.#options;
    return new SupervisedProcess({
      args: [name, ...flags],
      environment: {
        REDIS_URL: this.#redisUrl,
        DSW_PREFIX: settings.prefix,
        DSW_STORE: settings.store,
        ...(configPath === undefined ? {} : { DSW_CONFIG: configPath }),
      },
      ...(logs === 'files' ? { logFile: join(LOG_FOLDER, `${name}.log`) } : {}),
      onDeath: (reason, seconds) =>
        say(
          `The ${name} ended (${reason}); starting it again in ${seconds.toFixed(1)} s. Its log: ${LOG_FOLDER}/${name}.log`,
        ),
    });
  }
}
