import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useRedis } from '../support/redis.js';
import { WorkerSystem } from '../support/worker-system.js';

const redis = useRedis();

describe('a slot is replaceable', () => {
  it('fails one job with a clear reason, however it breaks; the others never notice', async () => {
    const system = new WorkerSystem(redis);
    const bad: [string, RegExp][] = [
      ['exit', /its slot's thread ended/],
      ['throw_later', /thrown out of nowhere/],
      ['hang', /it took longer than its hard limit of 0\.5 s/],
      ['slow', /it took longer than its limit of 0\.3 s/],
    ];
    const ids: string[] = [];
    for (const [task] of bad) {
      ids.push(await system.add(task, { ms: 60_000 }));
      await system.addMany(3, 'nap', { ms: 50 });
    }
    system.worker(['--concurrency', '3']);
    expect(await system.settled()).toEqual({ completed: 12, failed: 4 });
    for (const [i, [, reason]] of bad.entries()) {
      const record = await system.record(ids[i]!);
      expect(record).toMatchObject({ state: 'dead', attemptsMade: 1 });
      expect(record.reason).toMatch(reason);
    }
    expect(system.runs()).toHaveLength(16);
    expect(new Set(system.runs().map(({ pid }) => pid)).size).toBe(1);
  });

  it('a heap overrun fails one job', async () => {
    const system = new WorkerSystem(redis, { worker: { slotMemoryMb: 64 } });
    const bad = await system.add('hog');
    await system.addMany(4, 'nap', { ms: 50 });
    system.worker();
    expect(await system.settled()).toEqual({ completed: 4, failed: 1 });
    expect((await system.record(bad)).reason).toMatch(/memory limit|^it held \d+ MB of the 64 MB/);
  });

  it('a job that holds too much fails while it runs, however it keeps its thread busy', async () => {
    const system = new WorkerSystem(redis, { worker: { slotMemoryMb: 64 } });
    const bad = [await system.add('swell'), await system.add('swell', { waits: true })];
    await system.add('churn', { ms: 800 });
    await system.addMany(4, 'nap', { ms: 50 });
    system.worker();
    expect(await system.settled()).toEqual({ completed: 5, failed: 2 });
    for (const id of bad)
      expect((await system.record(id)).reason).toMatch(
        /^it held \d+ MB of the 64 MB that a slot may hold/,
      );
    expect(system.runs()).toHaveLength(7);
  });

  it('jobs beside a deadly one run again, unharmed, in a slot that is warm again', async () => {
    // A slot that breaks is no worker that died.
    const system = new WorkerSystem(redis, {
      worker: { maxDeaths: 1 },
      jobs: { backoffSeconds: 0.05 },
    });
    // Short jobs first, so that the worker learns to send several at once.
    await system.addMany(200, 'quick');
    const dsw = system.worker(['--concurrency', '1', '--max-tasks-per-slot', '0']);
    await system.settled();
    await system.addMany(20, 'quick');
    const bad = await system.add('exit');
    await system.addMany(20, 'quick');
    expect(await system.settled()).toEqual({ completed: 240, failed: 1 });
    expect((await system.record(bad)).state).toBe('dead');
    // What breaks its slot is tried once more, in another: the first may have been worn.
    const breaking = await Promise.all(
      ['crash', 'exit'].map((task) => system.add(task, {}, { attempts: 5 })),
    );
    await system.addMany(3, 'quick');
    expect(await system.settled()).toEqual({ completed: 243, failed: 3 });
    for (const id of breaking) {
      const { attemptsMade, reason } = await system.record(id);
      expect(reason).toMatch(/\(for the second time: no further try\)$/);
      expect(attemptsMade).toBe(2);
    }
    expect((await dsw.stop()).code).toBe(0);
  });
});

describe('recycling', () => {
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

  it('replaces a slot that holds too much after its job: array buffers, WebAssembly memory', async () => {
    const system = new WorkerSystem(redis, { worker: { slotMemoryMb: 90 } });
    for (const [task, input] of [
      ['wasm', { pages: 1600 }],
      ['buffers', { mb: 100 }],
    ] as const) {
      await system.add(task, input);
      await system.add('quick');
    }
    const dsw = system.worker(['--concurrency', '1']);
    expect(await system.settled()).toEqual({ completed: 4 });
    const replaced = /a slot is replaced: it held 1\d\d MB of 90 MB/g;
    expect(dsw.stderr.match(replaced)).toHaveLength(2);
    expect(system.runs()).toHaveLength(4);
  });
});

describe('retries and surroundings', () => {
  it('follow the task’s own policy, end after the last attempt, or at once without hope', async () => {
    const system = new WorkerSystem(redis, {
      jobs: { backoffSeconds: 0.05, maxBackoffSeconds: 0.1 },
    });
    const flaky = await system.add('flaky', {}, { attempts: 5 });
    // Beside them: what a task finds around it. Slots share the cores among themselves.
    const environment = await system.add('environment');
    const tried = await system.add('fail', { reason: 'no luck' }, { attempts: 3 });
    const hopeless = await system.add('hopeless', {}, { attempts: 3 });
    const unknown = await system.add('no_such_task', {}, { attempts: 3 });
    const misfit = await system.add('strict', { pages: ['one'] }, { attempts: 3 });
    const dsw = system.worker();
    expect(await system.settled()).toEqual({ completed: 2, failed: 4 });
    expect(await system.record(flaky)).toMatchObject({ attemptsMade: 3, result: { attempt: 3 } });
    const attempts = system.runs().filter(({ id }) => id === flaky);
    expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(await system.record(environment)).toMatchObject({ result: '1' });
    expect((await system.record(misfit)).reason).toBe(
      'input.pages.0: Invalid input: expected number, received string',
    );
    await dsw.says(new RegExp(`"attempt":3.*"fail ${tried}: about to fail"`));
    expect(await system.record(tried)).toMatchObject({ attemptsMade: 3, reason: 'no luck' });
    expect(await system.record(hopeless)).toMatchObject({ attemptsMade: 1, reason: 'never' });
    expect((await system.record(unknown)).reason).toMatch(
      /no task named "no_such_task"; known: ocr, /,
    );
    // Names that anybody may make up are no names of tasks in the history.
    await expect
      .poll(async () => (await system.tasksOfToday()).sort(), { timeout: 30_000 })
      .toEqual(['(unknown)', 'environment', 'fail', 'flaky', 'hopeless', 'strict']);
  });
});
