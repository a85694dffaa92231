import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { expect } from 'vitest';
import { packageRoot } from '../../src/config/package-root.js';
import type { QueueName } from '../../src/planning/queue-names.js';
import type { SystemSnapshot, WorkerSnapshot } from '../../src/planning/snapshot.js';
import { readJob } from '../../src/queues/job-lookup.js';
import type { JobRecord } from '../../src/queues/job-record.js';
import { Keyspace } from '../../src/queues/keyspace.js';
import { QueueSet } from '../../src/queues/queue-set.js';
import { SnapshotReader } from '../../src/queues/snapshot-reader.js';
import { runDsw, startDsw, type DswProcess, type DswRun } from './dsw-process.js';
import { temporaryFolder } from './folder.js';
import type { TestRedis } from './redis.js';

export interface AddOptions {
  queue?: QueueName;
  attempts?: number;
  label?: string;
  contentHash?: string;
}

/** A dsw system of its own in a test's Redis, whose workers know the tasks in fixtures/tasks.mjs. */
export class WorkerSystem {
  readonly folder = temporaryFolder();
  readonly keyspace: Keyspace;
  readonly queueSet: QueueSet;
  readonly #redis: TestRedis;
  readonly prefix: string;
  readonly #jobs: [QueueName, string][] = [];

  /** @param settings what stands in dsw.yaml beside the tasks. */
  constructor(
    redis: TestRedis,
    settings: { worker?: object; jobs?: object; limits?: object } = {},
  ) {
    this.#redis = redis;
    this.prefix = redis.prefix();
    this.keyspace = new Keyspace(this.prefix);
    this.queueSet = new QueueSet(redis.client, this.keyspace);
    const tasks = [join(packageRoot(), 'test', 'fixtures', 'tasks.mjs')];
    const worker = { heartbeatSeconds: 0.1, warmTasks: [], ...settings.worker };
    writeFileSync(
      join(this.folder, 'dsw.yaml'),
      stringify({ tasks, jobs: settings.jobs ?? {}, limits: settings.limits ?? {}, worker }),
    );
  }

  /** Starts a worker; for a Redis behind something else than the test's own address, name it. */
  worker(
    flags: string[] = ['--concurrency', '2'],
    url = this.#redis.url,
    env: Record<string, string> = {},
    inside: string[] = [],
  ): DswProcess {
    return startDsw(['worker', ...flags], {
      cwd: this.folder,
      inside,
      env: { REDIS_URL: url, DSW_PREFIX: this.prefix, ...env },
    });
  }

  /** Runs another dsw command on this system. */
  dsw(...args: string[]): Promise<DswRun> {
    return runDsw(args, {
      cwd: this.folder,
      env: { REDIS_URL: this.#redis.url, DSW_PREFIX: this.prefix },
    });
  }

  /** Enqueues a job. Its task notes each run. */
  async add(task: string, input: object = {}, options: AddOptions = {}): Promise<string> {
    const { queue = 'default', attempts = 1, label = task, ...rest } = options;
    const log = join(this.folder, 'runs.log');
    const [id] = await this.queueSet.enqueue([
      { queue, task, input: { ...input, log }, label, attempts, ...rest },
    ]);
    this.#jobs.push([queue, id!]);
    return id!;
  }

  /** Enqueues many jobs of one task at once. */
  async addMany(
    count: number,
    task: string,
    input: object = {},
    queue: QueueName = 'default',
  ): Promise<string[]> {
    const log = join(this.folder, 'runs.log');
    const job = { queue, task, input: { ...input, log }, attempts: 3 };
    const ids = await this.queueSet.enqueue(Array.from({ length: count }, () => job));
    this.#jobs.push(...ids.map((id): [QueueName, string] => [queue, id]));
    return ids;
  }

  /** Runs so far, by whichever worker. */
  runs(): { task: string; id: string; attempt: number; pid: number }[] {
    const path = join(this.folder, 'runs.log');
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, 'utf8').trim().split('\n');
    return lines.map((line) => {
      const [task = '', id = '', attempt, pid] = line.split(' ');
      return { task, id, attempt: Number(attempt), pid: Number(pid) };
    });
  }

  /** Lets jobs of the task `held` end, also those to come. */
  release(): void {
    writeFileSync(join(this.folder, 'release'), '');
  }

  /** Waits until so many runs have begun. */
  async ran(times: number): Promise<void> {
    await expect.poll(() => this.runs().length, { interval: 20 }).toBe(times);
  }

  async record(id: string): Promise<JobRecord> {
    const [queue] = this.#jobs.find(([, known]) => known === id) ?? ['default'];
    const record = await readJob(this.#redis.client, this.keyspace, queue, id);
    if (!record) throw new Error(`no job ${id}`);
    return record;
  }

  /** How many jobs of all that were added are in each state. */
  async states(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const queue of new Set(this.#jobs.map(([name]) => name))) {
      const found = await this.queueSet
        .of(queue)
        .getJobCounts('wait', 'active', 'delayed', 'completed', 'failed');
      for (const [state, count] of Object.entries(found)) {
        if (count > 0) counts[state] = (counts[state] ?? 0) + count;
      }
    }
    return counts;
  }

  /** Waits until all jobs added are completed or dead. @returns how many of each. */
  async settled(timeout = 60_000): Promise<Record<string, number>> {
    const count = this.#jobs.length;
    const isSettled = async (): Promise<number> => {
      const { completed = 0, failed = 0 } = await this.states();
      return completed + failed;
    };
    await expect.poll(isSettled, { timeout, interval: 50 }).toBe(count);
    return this.states();
  }

  async runningCount(count: number): Promise<void> {
    await expect.poll(async () => (await this.states()).active ?? 0, { interval: 20 }).toBe(count);
  }

  async workers(): Promise<WorkerSnapshot[]> {
    return (await this.#look()).workers;
  }

  /** Tasks that the workers have counted tries of. */
  async tasksOfToday(): Promise<string[]> {
    const { hours } = await this.#look();
    return [...new Set(hours.flatMap(({ tasks }) => [...tasks.keys()]))];
  }

  #look(): Promise<SystemSnapshot> {
    return new SnapshotReader(this.#redis.client, this.keyspace).read();
  }
}
