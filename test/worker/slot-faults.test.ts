import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useRedis } from '../support/redis.js';
import { WorkerSystem } from '../support/worker-system.js';

const redis = useRedis();

describe('a slot is replaceable', () => {
  it.each([
    ['exit', /its slot's thread ended/],
    ['throw_later', /thrown out of nowhere/],
    ['hang', /it took longer than its hard limit of 0\.5 s/],
    ['slow', /it took longer than its limit of 0\.3 s/],
  ])('%s fails one job with a clear reason; the others never notice', async (task, reason) => {
    const system = new WorkerSystem(redis);
    const bad = await system.add(task, { ms: 60_000 });
    for (let i = 0; i < 6; i++) await system.add('nap', { ms: 50 });
    system.worker();
    expect(await system.settled()).toEqual({ completed: 6, failed: 1 });
    expect(await system.record(bad)).toMatchObject({ state: 'dead', attemptsMade: 1 });
    expect((await system.record(bad)).reason).toMatch(reason);
    expect(system.runs()).toHaveLength(7);
    expect(new Set(system.runs().map(({ pid }) => pid)).size).toBe(1);
  });

  it('a job that holds too much fails while it runs, however it keeps its thread busy', async () => {
    const system = new WorkerSystem(redis, { worker: { slotMemoryMb: 64 } });
    const bad = [
      await system.add('hog'),
      await system.add('swell'),
      await system.add('swell', { waits: true }),
    ];
    await system.add('churn', { ms: 800 });
    for (let i = 0; i < 6; i++) await system.add('nap', { ms: 50 });
    system.worker(['--concurrency', '3']);
    expect(await system.settled(30_000)).toEqual({ completed: 7, failed: 3 });
    const [heap, ...others] = await Promise.all(bad.map((id) => system.record(id)));
    const held = /^it held \d+ MB of the 64 MB that a slot may hold/;
    expect(heap?.reason).toMatch(new RegExp(`memory limit|${held.source}`));
    for (const { reason } of others) expect(reason).toMatch(held);
    expect(system.runs()).toHaveLength(10);
  });

  it('a slot that broke takes its next job when it is warm again', async () => {
    const system = new WorkerSystem(redis);
    for (let i = 0; i < 3; i++) await system.add('exit');
    for (let i = 0; i < 3; i++) await system.add('quick');
    system.worker(['--concurrency', '1']);
    expect(await system.settled()).toEqual({ completed: 3, failed: 3 });
  });

  it('jobs in one message with a deadly one run again, unharmed', async () => {
    const system = new WorkerSystem(redis);
    // Short jobs first, so that the worker learns to send several at once.
    await system.addMany(200, 'quick');
    const dsw = system.worker(['--concurrency', '1', '--max-tasks-per-slot', '0']);
    await system.settled();
    await system.addMany(20, 'quick');
    const bad = await system.add('exit');
    await system.addMany(20, 'quick');
    expect(await system.settled()).toEqual({ completed: 240, failed: 1 });
    expect((await system.record(bad)).state).toBe('dead');
    expect((await dsw.stop()).code).toBe(0);
  });
});

describe('recycling', () => {
  it('replaces a slot after so many jobs, without losing one', async () => {
    const system = new WorkerSystem(redis);
    await system.addMany(60, 'nap', { ms: 5 });
    const dsw = system.worker(['--concurrency', '2', '--max-tasks-per-slot', '5']);
    expect(await system.settled()).toEqual({ completed: 60 });
    await dsw.says(/a slot is replaced: it ran \d+ jobs/);
    expect(system.runs()).toHaveLength(60);
  });

  it('hands over without idle time: a worn slot works on until its successor is warm', async () => {
    const system = new WorkerSystem(redis, { worker: { warmTasks: ['gated'] } });
    const gate = join(system.folder, 'gate');
    writeFileSync(gate, '');
    const dsw = system.worker(['--concurrency', '1', '--max-tasks-per-slot', '5']);
    await dsw.says(/ready/);
    rmSync(gate);
    const ids = await system.addMany(40, 'gated');
    // The successor can't get ready, and yet all jobs are done, all by the same thread.
    expect(await system.settled()).toEqual({ completed: 40 });
    const threadOf = async (id: string) =>
      ((await system.record(id)).result as { threadId: number }).threadId;
    const worn = await Promise.all(ids.map(threadOf));
    expect(new Set(worn).size).toBe(1);
    expect(dsw.stderr.match(/a slot is replaced/g)).toHaveLength(1);

    writeFileSync(gate, '');
    const next = async () => {
      const id = await system.add('gated');
      await system.settled();
      return threadOf(id);
    };
    await expect.poll(next, { timeout: 20_000 }).not.toBe(worn[0]);
    const runs = system.runs().length;
    expect(await system.settled()).toEqual({ completed: runs });
  });

  it.each([
    ['WebAssembly memory', 'wasm', { pages: 1600 }],
    ['array buffers', 'buffers', { mb: 100 }],
  ])('replaces a slot that holds too much: %s', async (_what, task, input) => {
    const system = new WorkerSystem(redis, { worker: { slotMemoryMb: 90 } });
    await system.add(task, input);
    await system.add('nap', { ms: 300 });
    const dsw = system.worker(['--concurrency', '1']);
    await dsw.says(/a slot is replaced: it held 1\d\d MB of 90 MB/);
    expect(await system.settled()).toEqual({ completed: 2 });
  });
});

describe('nested parallelism', () => {
  it('is pinned: slots share the cores among themselves', async () => {
    const system = new WorkerSystem(redis);
    const id = await system.add('environment');
    system.worker(['--concurrency', '1']);
    expect(await system.settled()).toEqual({ completed: 1 });
    expect(await system.record(id)).toMatchObject({ result: '1' });
  });
});

describe('retries', () => {
  it('follow the task’s own policy', async () => {
    const system = new WorkerSystem(redis);
    const id = await system.add('flaky', {}, { attempts: 1 });
    system.worker(['--concurrency', '1']);
    expect(await system.settled()).toEqual({ completed: 1 });
    expect(await system.record(id)).toMatchObject({ attemptsMade: 3, result: { attempt: 3 } });
    expect(system.runs().map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  });

  it('end after the last attempt, or at once when there is no hope', async () => {
    const system = new WorkerSystem(redis, {
      jobs: { backoffSeconds: 0.05, maxBackoffSeconds: 0.1 },
    });
    const tried = await system.add('fail', { reason: 'no luck' }, { attempts: 3 });
    const hopeless = await system.add('hopeless', {}, { attempts: 3 });
    const unknown = await system.add('no_such_task', {}, { attempts: 3 });
    const misfit = await system.add('strict', { pages: ['one'] }, { attempts: 3 });
    const dsw = system.worker();
    expect(await system.settled()).toEqual({ failed: 4 });
    expect((await system.record(misfit)).reason).toBe(
      'input.pages.0: Invalid input: expected number, received string',
    );
    await dsw.says(new RegExp(`"attempt":3.*"fail ${tried}: about to fail"`));
    expect(await system.record(tried)).toMatchObject({ attemptsMade: 3, reason: 'no luck' });
    expect(await system.record(hopeless)).toMatchObject({ attemptsMade: 1, reason: 'never' });
    expect((await system.record(unknown)).reason).toMatch(
      /no task named "no_such_task"; known: ocr, /,
    );
  });
});
