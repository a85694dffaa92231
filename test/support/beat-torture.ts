import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { PrivateRedis, redisUrlOf } from '../../src/app/private-redis.js';
import { findRedisProgram } from '../../src/app/redis-program.js';
import { connectRedis } from '../../src/queues/connection.js';
import { Keyspace } from '../../src/queues/keyspace.js';
import { QueueSet } from '../../src/queues/queue-set.js';
import { startDsw, type DswProcess } from './dsw-process.js';
import { temporaryFolder } from './folder.js';

export const TICK_MS = 200;
export const LEASE_SECONDS = 1;
const BEATS = 5;
const PREFIX = 'torture';
const SCHEDULES = {
  all: { every: `${TICK_MS}ms`, missed: 'all', missedLimit: 1000 },
  once: { every: `${TICK_MS}ms`, missed: 'once' },
  cleanup_old_files: { enabled: false },
  cleanup_orphaned_jobs: { enabled: false },
};

const FAKETIME = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1',
].find((path) => existsSync(path));
/** What the clock of each beat is off by, where libfaketime is there. */
const CLOCKS = ['+0', '-3600', '+120', '+86400', '-5'];

/** What was done to the beats, and what they sent nevertheless. */
export interface TortureReport {
  kills: number;
  freezes: number;
  restarts: number;
  fakedClocks: boolean;
  /** Due times (ms) of the jobs of each schedule, in the order they were enqueued. */
  all: number[];
  once: number[];
}

/**
 * Five beats on one Redis that writes through, for so long: at random one is killed, one is frozen
 * for longer than its lease, or Redis is killed and started again.
 * @param random uniform in [0, 1), seeded.
 */
export async function tortureBeats(seconds: number, random: () => number): Promise<TortureReport> {
  const folder = mkdtempSync(join(tmpdir(), 'dsw-torture-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const redis = await TortureRedis.start(folder);
  onTestFinished(() => redis.stop());
  const beats = new Beats(redis.url);
  const report = { kills: 0, freezes: 0, restarts: 0, fakedClocks: FAKETIME !== undefined };
  await beats.firstTick();
  const endsAt = Date.now() + seconds * 1000;
  while (Date.now() < endsAt) {
    await pause(300 + 500 * random());
    const dice = random();
    if (dice < 0.4) report.kills += await beats.kill(random());
    else if (dice < 0.8) report.freezes += beats.freeze(random(), 1000 + 1500 * random());
    else report.restarts += await redis.restart();
  }
  await beats.stop(TICK_MS * 10);
  return { ...report, ...(await redis.dueTimes()) };
}

class Beats {
  readonly #url: string;
  readonly #folder = temporaryFolder();
  readonly #beats: DswProcess[];
  readonly #frozen = new Map<DswProcess, NodeJS.Timeout>();

  constructor(url: string) {
    this.#url = url;
    writeFileSync(
      join(this.#folder, 'dsw.yaml'),
      stringify({ beat: { leaseSeconds: LEASE_SECONDS }, schedules: SCHEDULES }),
    );
    this.#beats = Array.from({ length: BEATS }, (_, i) => this.#start(i));
  }

  async firstTick(): Promise<void> {
    await Promise.race(this.#beats.map((beat) => beat.says(/sent due task all/)));
  }

  async kill(random: number): Promise<number> {
    const i = Math.floor(random * BEATS);
    const beat = this.#beats[i]!;
    this.#thaw(beat);
    beat.child.kill('SIGKILL');
    await beat.ended;
    this.#beats[i] = this.#start(i);
    return 1;
  }

  freeze(random: number, milliseconds: number): number {
    const beat = this.#beats[Math.floor(random * BEATS)]!;
    if (this.#frozen.has(beat)) return 0;
    beat.child.kill('SIGSTOP');
    this.#frozen.set(
      beat,
      setTimeout(() => this.#thaw(beat), milliseconds),
    );
    return 1;
  }

  /** Lets all of them work for a while, then ends them. */
  async stop(afterMs: number): Promise<void> {
    for (const beat of this.#beats) this.#thaw(beat);
    // A lease that a frozen one held has to run out first.
    await pause(2000 + afterMs);
    await Promise.all(this.#beats.map((beat) => beat.stop()));
  }

  #thaw(beat: DswProcess): void {
    clearTimeout(this.#frozen.get(beat));
    if (this.#frozen.delete(beat)) beat.child.kill('SIGCONT');
  }

  #start(i: number): DswProcess {
    const clock: Record<string, string> =
      FAKETIME === undefined
        ? {}
        : { LD_PRELOAD: FAKETIME, FAKETIME: CLOCKS[i] ?? '+0', FAKETIME_DONT_FAKE_MONOTONIC: '1' };
    const env = { REDIS_URL: this.#url, DSW_PREFIX: PREFIX, ...clock };
    return startDsw(['beat'], { cwd: this.#folder, env });
  }
}

class TortureRedis {
  #server: PrivateRedis;
  readonly url: string;
  readonly #folder: string;

  private constructor(server: PrivateRedis, url: string, folder: string) {
    this.#server = server;
    this.url = url;
    this.#folder = folder;
  }

  static async start(folder: string): Promise<TortureRedis> {
    const server = serverIn(folder);
    await server.start();
    return new TortureRedis(server, redisUrlOf(server.address!), folder);
  }

  async restart(): Promise<number> {
    const address = this.#server.address!;
    const ended = new Promise<void>((resolve) => this.#server.onExit(resolve));
    process.kill(this.#server.pid!, 'SIGKILL');
    await ended;
    this.#server = serverIn(this.#folder, address);
    await this.#server.start();
    return 1;
  }

  async dueTimes(): Promise<{ all: number[]; once: number[] }> {
    const client = await connectRedis(this.url, { name: 'test', manner: 'patient' });
    const queue = new QueueSet(client, new Keyspace(PREFIX)).of('maintenance');
    const jobs = await queue.getJobs(['waiting'], 0, -1, true);
    client.disconnect();
    const of = (name: string): number[] =>
      jobs.flatMap((job) => {
        const { label, dueAt } = job.data as { label: string; dueAt: number };
        return label === name ? [dueAt] : [];
      });
    return { all: of('all'), once: of('once') };
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }
}

/** Every acknowledged write survives a kill. */
function serverIn(folder: string, address?: { port: number; password: string }): PrivateRedis {
  const program = findRedisProgram();
  if (!program) throw new Error('no Redis server: run npm test, which installs one');
  const directives = ['appendfsync always'];
  return new PrivateRedis({ program, folder, directives, ...(address ? { address } : {}) });
}
