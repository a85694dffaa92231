import type { Settings } from '../config/settings.js';
import { StartStop } from '../lifecycle.js';
import { Periodic } from '../periodic.js';
import type { SystemSnapshot } from '../planning/snapshot.js';
import { connectRedis, type Redis } from '../queues/connection.js';
import { Keyspace } from '../queues/keyspace.js';
import { SnapshotReader } from '../queues/snapshot-reader.js';
import { readExpected } from './doctor/expected.js';
import { takePicture, type Picture } from './picture.js';

export interface MonitorOptions {
  redisUrl: string;
  prefix: string;
  everySeconds: number;
}

/** What a view is told: a fresh picture, or why there is none. */
export type MonitorNews = { snapshot: SystemSnapshot } | { error: Error };

/** The single poll loop: reads the state of the system every so often and tells its subscribers. */
export class Monitor extends StartStop {
  readonly #options: MonitorOptions;
  readonly #listeners = new Set<(news: MonitorNews) => void>();
  #last: MonitorNews | undefined;
  #redis: Redis | undefined;
  #loop: Periodic | undefined;

  constructor(options: MonitorOptions) {
    super();
    this.#options = options;
  }

  /** The last news, if there is any yet. */
  get news(): MonitorNews | undefined {
    return this.#last;
  }

  /** Tells the listener all news from now on. @returns what ends it. */
  subscribe(listener: (news: MonitorNews) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  protected async onStart(): Promise<void> {
    const { redisUrl, prefix, everySeconds } = this.#options;
    const tellError = (error: unknown): void =>
      this.#tell({ error: error instanceof Error ? error : new Error(String(error)) });
    const redis = await connectRedis(redisUrl, {
      name: 'dsw-monitor',
      manner: 'watchful',
      onError: tellError,
    });
    this.#redis = redis;
    const reader = new SnapshotReader(redis, new Keyspace(prefix));
    const read = async (): Promise<void> => this.#tell({ snapshot: await reader.read() });
    this.#loop = new Periodic(everySeconds, read, tellError);
    await this.#loop.start();
  }

  protected async onStop(): Promise<void> {
    this.#redis?.disconnect();
    await this.#loop?.stop();
  }

  #tell(news: MonitorNews): void {
    this.#last = news;
    for (const listener of this.#listeners) listener(news);
  }
}

/**
 * The state of a system, once, and how it is judged.
 * @throws DswError `unavailable` when Redis does not answer.
 */
export async function lookOnce(redisUrl: string, settings: Settings): Promise<Picture> {
  const expected = await readExpected(settings);
  return takePicture(await readOnce(redisUrl, settings.prefix), { settings, expected });
}

async function readOnce(redisUrl: string, prefix: string): Promise<SystemSnapshot> {
  const redis = await connectRedis(redisUrl, { name: 'dsw-monitor', manner: 'brisk' });
  try {
    return await new SnapshotReader(redis, new Keyspace(prefix)).read();
  } finally {
    redis.disconnect();
  }
}
