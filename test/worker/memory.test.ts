import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { packageRoot } from '../../src/config/package-root.js';
import { settingsSchema } from '../../src/config/settings.js';
import type { Logger } from '../../src/log.js';
import { QUEUE_NAMES } from '../../src/planning/queue-names.js';
import { misfit } from '../../src/worker/slot-budget.js';
import { WorkerService } from '../../src/worker/worker-service.js';
import { useRedis } from '../support/redis.js';
import { taskSettingsFrom } from '../support/task-settings.js';
import { WorkerSystem } from '../support/worker-system.js';
import { fileStoreOptions } from '../support/store-options.js';

const redis = useRedis();

/** A worker in this process whose machine is as full as the test says. */
async function workerOn(system: WorkerSystem, memory: { inUseMb: number }, slots: number) {
  const lines: string[] = [];
  const note = (line: string): void => void lines.push(line);
  const log: Logger = { info: note, warn: note, error: note };
  const worker = new WorkerService(
    {
      name: 'worker',
      redisUrl: redis.url,
      prefix: system.prefix,
      store: fileStoreOptions(`${system.folder}/documents`),
      taskModules: [join(packageRoot(), 'test', 'fixtures', 'tasks.mjs')],
      taskSettings: taskSettingsFrom(),
      warmTasks: [],
      slots,
      queues: QUEUE_NAMES,
      queueOrder: 'strict',
      leaseSeconds: 30,
      heartbeatSeconds: 0.1,
      drainSeconds: 5,
      maxTasksPerSlot: 0,
      slotMemoryMb: undefined,
      allowOvercommit: true,
      maxDeaths: 3,
      limits: { softLimitSeconds: undefined, hardLimitSeconds: undefined },
      retry: { attempts: 1, backoffSeconds: 1, maxBackoffSeconds: 1 },
      webhooks: { ...settingsSchema.parse({}).webhooks, secret: undefined },
      version: '0',
      machine: { cores: 2, memoryMb: 1000, memoryInUseMb: () => memory.inUseMb },
    },
    log,
  );
  onTestFinished(() => worker.stop());
  await worker.start();
  return { worker, lines };
}

describe('memory pressure', () => {
  it('stops taking jobs above 80 %, recycles what has grown, says so, and goes on below', async () => {
    const system = new WorkerSystem(redis);
    const memory = { inUseMb: 700 };
    const { lines } = await workerOn(system, memory, 2);
    await system.add('buffers', { mb: 50 });
    await system.settled();

    memory.inUseMb = 850;
    await expect
      .poll(() => lines.join('\n'))
      .toMatch(/takes no jobs: memory 85 % of 1000 MB in use/);
    await expect.poll(() => lines.join('\n')).toMatch(/a slot is replaced: memory 85 %/);
    await expect.poll(async () => (await system.workers())[0]?.holdingBack).toMatch(/memory 85 %/);
    expect((await system.workers())[0]?.idle?.cause).toBe('memory');

    // Not to a standstill: one after the other.
    await system.addMany(4, 'nap', { ms: 150 });
    await expect.poll(async () => (await system.states()).completed).toBeGreaterThanOrEqual(3);
    expect((await system.states()).active ?? 0).toBeLessThanOrEqual(1);

    memory.inUseMb = 780;
    expect(lines.join('\n')).not.toMatch(/takes jobs again/);
    memory.inUseMb = 600;
    await expect.poll(() => lines.join('\n')).toMatch(/takes jobs again/);
    await system.addMany(6, 'held', { release: join(system.folder, 'release') });
    await system.runningCount(2);
    system.release();
    expect(await system.settled()).toEqual({ completed: 11 });
  });

  it.each([
    [4, 150, 80, 1000, undefined],
    [
      4,
      150,
      80,
      600,
      '4 slots of 150 MB beside 80 MB need 680 MB, and there are 600 MB: at most 3 fit',
    ],
    [
      1,
      150,
      80,
      100,
      '1 slots of 150 MB beside 80 MB need 230 MB, and there are 100 MB: at most 0 fit',
    ],
  ])('%i slots of %i MB beside %i MB in %i MB', (slots, slotMb, processMb, limitMb, reason) => {
    expect(misfit(slots, slotMb, processMb, limitMb)).toBe(reason);
  });
});

describe('liveness', () => {
  it('means progress: a worker with free slots that does not reach its queues is ill', async () => {
    const system = new WorkerSystem(redis);
    const { worker } = await workerOn(system, { inUseMb: 0 }, 1);
    const now = Date.now();
    expect(worker.health(now)).toEqual({ alive: true, ready: true, reason: undefined });
    expect(worker.health(now + 60_000)).toEqual({
      alive: false,
      ready: false,
      reason: expect.stringMatching(
        /has free slots and has not reached its queues for \d+ s/,
      ) as string,
    });
    await system.add('nap', { ms: 1500 });
    // Redis knows that the job runs a moment before the worker does.
    await expect.poll(() => worker.health(now + 60_000).alive, { interval: 10 }).toBe(true);
    await worker.stop();
    expect(worker.health(now)).toMatchObject({ alive: true, ready: false });
  });
});

describe('samples', () => {
  it('tell what jobs cost, each standing for its share', async () => {
    const { readSamples } = await import('../../src/queues/job-samples.js');
    const system = new WorkerSystem(redis);
    await workerOn(system, { inUseMb: 0 }, 2);
    const found = async (task: string) =>
      (await readSamples(redis.client, system.keyspace, 100)).filter(
        ({ sample }) => sample.task === task,
      );
    const counted = async (task: string) =>
      Math.round((await found(task)).reduce((sum, { weight }) => sum + weight, 0));
    await system.addMany(3, 'busy', { ms: 80 });
    await expect.poll(() => counted('busy')).toBe(3);
    await system.addMany(200, 'quick');
    await expect.poll(() => counted('quick')).toBe(200);
    const [busy] = await found('busy');
    expect(busy?.sample.serviceSeconds).toBeGreaterThan(0.079);
    expect(busy?.sample.cpuSeconds).toBeGreaterThan(0);
    expect(busy?.sample.memoryMb).toBeGreaterThan(1);
    // One command with each sign of life, however many jobs there were.
    const entries = await redis.client.xrange(system.keyspace.samples, '-', '+');
    const first = Number(entries[0]?.[0].split('-')[0]);
    const beats = (Number(entries.at(-1)?.[0].split('-')[0]) - first) / 100 + 1;
    expect(entries.length).toBeLessThanOrEqual(Math.ceil(beats));
    const kept = entries.map(([, fields]) => (JSON.parse(fields[3] ?? '[]') as unknown[]).length);
    expect(Math.max(...kept)).toBeLessThanOrEqual(20);
  });
});
