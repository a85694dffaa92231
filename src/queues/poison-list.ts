import { createHash } from 'node:crypto';
import type { Redis } from './connection.js';
import { decodePayload } from './job-payload.js';
import type { Keyspace } from './keyspace.js';
import type { LeasedJob } from './leased-job.js';

/** What killed workers is remembered for so long. */
const REMEMBERED_MS = 7 * 24 * 3_600_000;

/**
 * What killed its worker each time it ran, recognised by what a job carries: submitted again under
 * a new id, it does not start to kill again.
 */
export class PoisonList {
  readonly #redis: Redis;
  readonly #key: string;
  /** Fingerprint → when it was listed. Nearly always empty. */
  #listed = new Map<string, number>();

  constructor(redis: Redis, keyspace: Keyspace) {
    this.#redis = redis;
    this.#key = keyspace.poison;
  }

  /** Entries known here. */
  get length(): number {
    return this.#listed.size;
  }

  /** Reads the list again. */
  async refresh(now: number): Promise<void> {
    const entries = Object.entries(await this.#redis.hgetall(this.#key));
    const expired = entries.filter(([, at]) => now - Number(at) > REMEMBERED_MS);
    if (expired.length > 0) await this.#redis.hdel(this.#key, ...expired.map(([print]) => print));
    const current = entries.filter((entry) => !expired.includes(entry));
    this.#listed = new Map(current.map(([print, at]) => [print, Number(at)]));
  }

  has(job: LeasedJob): boolean {
    return this.#listed.size > 0 && this.#listed.has(fingerprintOf(job));
  }

  async add(job: LeasedJob, now: number): Promise<void> {
    const print = fingerprintOf(job);
    this.#listed.set(print, now);
    await this.#redis.hset(this.#key, print, now);
  }

  async remove(job: Pick<LeasedJob, 'task' | 'data'>): Promise<void> {
    await this.#redis.hdel(this.#key, fingerprintOf(job));
  }
}

/** What a job carries, told from what it is called: the task and its input, or its document's content; a part, what its whole does. */
function fingerprintOf({ task, data }: Pick<LeasedJob, 'task' | 'data'>): string {
  let [kind, carried] = [task, data];
  try {
    const payload = decodePayload(data);
    kind = payload.partOf ?? task;
    carried = payload.contentHash ?? JSON.stringify(payload.input);
  } catch {
    // Not written by dsw: the data as it is.
  }
  return createHash('sha256').update(`${kind}\n${carried}`).digest('hex');
}
