import type { Redis } from './connection.js';
import type { Keyspace } from './keyspace.js';

/** One measured try of a job. Says nothing of who or what it was about. */
export interface JobSample {
  task: string;
  queue: string;
  waitSeconds: number;
  serviceSeconds: number;
  cpuSeconds: number;
  /** What its slot held afterwards. */
  memoryMb: number;
  pages: number | undefined;
  /** Slots of the worker that were busy beside it. */
  busySlots: number;
}

/** Kept of each stretch between two heartbeats, chosen at random from all. */
const SAMPLES_PER_ENTRY = 20;
/** Entries kept, about: up to 100,000 jobs in less than 20 MB. */
const MAX_ENTRIES = 5000;

/** What jobs really cost, for the planner: a fair selection in a capped stream, whatever the rate. */
export class JobSamples {
  readonly #redis: Redis;
  readonly #key: string;
  readonly #random: () => number;
  #kept: JobSample[] = [];
  #seen = 0;

  constructor(redis: Redis, keyspace: Keyspace, random: () => number = Math.random) {
    this.#redis = redis;
    this.#key = keyspace.samples;
    this.#random = random;
  }

  /** Reservoir sampling: each job is kept with the same chance (Vitter 1985, Algorithm R). */
  note(sample: JobSample): void {
    this.#seen += 1;
    if (this.#kept.length < SAMPLES_PER_ENTRY) this.#kept.push(sample);
    else {
      const place = Math.floor(this.#random() * this.#seen);
      if (place < SAMPLES_PER_ENTRY) this.#kept[place] = sample;
    }
  }

  /** Writes what was noted since the last call. */
  async flush(): Promise<void> {
    const [kept, seen] = [this.#kept, this.#seen];
    if (seen === 0) return;
    this.#kept = [];
    this.#seen = 0;
    await this.#redis.xadd(
      this.#key,
      'MAXLEN',
      '~',
      MAX_ENTRIES,
      '*',
      'jobs',
      seen,
      'samples',
      JSON.stringify(kept),
    );
  }
}

/** Reads the samples of the last entries, newest first; `weight`: how many jobs each stands for. */
export async function readSamples(
  redis: Redis,
  keyspace: Keyspace,
  entries: number,
): Promise<{ sample: JobSample; weight: number }[]> {
  const found = await redis.xrevrange(keyspace.samples, '+', '-', 'COUNT', entries);
  return found.flatMap(([, fields]) => {
    const [, jobs, , text] = fields;
    const samples = JSON.parse(text ?? '[]') as JobSample[];
    return samples.map((sample) => ({ sample, weight: Number(jobs) / samples.length }));
  });
}
