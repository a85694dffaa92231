import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { crowdingOf } from '../../src/planning/slot-crowding.js';
import { SupervisedProcess } from '../../src/worker/supervised-process.js';
import { temporaryFolder } from '../support/folder.js';
import { useRedis } from '../support/redis.js';
import { WorkerSystem } from '../support/worker-system.js';

const redis = useRedis();

describe('resize', () => {
  it('by signal and from afar grows and shrinks a running worker without losing a job', async () => {
    const system = new WorkerSystem(redis);
    await system.addMany(12, 'held');
    const dsw = system.worker(['--concurrency', '2']);
    await system.ran(2);
    dsw.child.kill('SIGTTIN');
    await system.ran(3);
    const { code, stdout } = await system.dsw('worker', 'resize', '5');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^worker-\w{8} {2}told\n$/);
    await system.ran(5);
    const slots = async () => (await system.workers())[0]?.slots;
    dsw.child.kill('SIGTTOU');
    await expect.poll(slots).toBe(4);
    await system.dsw('worker', 'resize', '1');
    await expect.poll(slots).toBe(1);
    // Those that run are not ended for it.
    expect((await system.states()).active).toBe(5);
    system.release();
    expect(await system.settled()).toEqual({ completed: 12 });
    rmSync(join(system.folder, 'release'));
    await system.addMany(3, 'held');
    await system.ran(13);
    await expect.poll(async () => (await system.workers())[0]?.busy).toBe(1);
    expect(await system.states()).toEqual({ completed: 12, active: 1, wait: 2 });
    system.release();
    expect(await system.settled()).toEqual({ completed: 15 });
    expect(system.runs()).toHaveLength(15);
  });

  it('of a worker that does not run says so', async () => {
    const system = new WorkerSystem(redis);
    const { code, stderr } = await system.dsw('worker', 'resize', '3', 'worker-gone');
    expect(code).toBe(1);
    expect(stderr).toContain('nobody to tell: no such worker runs');
  });
});

describe('too many slots', () => {
  it('for the cores are said in the numbers of the plan', async () => {
    const system = new WorkerSystem(redis);
    const cores = availableParallelism();
    const slots = 2 * cores + 2;
    const dsw = system.worker(['--concurrency', String(slots)]);
    const [line] = await dsw.says(/\d+ slots share .*"/);
    expect(line).toMatch(new RegExp(`^${slots} `));
    expect(line).toContain(`share ${cores} cores, where ${2 * cores} are enough`);
    expect(line).toMatch(
      /\d+ % more throughput, and each job takes \d+\.\d times as long as alone/,
    );
    await dsw.says(new RegExp(`ready: ${slots} slots`));
    expect(crowdingOf({ slots: 64, cores: 2, waitRatio: 1 })).toMatchObject({ enough: 4 });
    const { code, stderr } = await system.dsw('worker', 'resize', '5000');
    expect(code).toBe(2);
    expect(stderr).toContain('from 1 to 1024');
  });
});

describe('replicas', () => {
  it('are supervised: restarted when they die, scaled on request, stopped together', async () => {
    const system = new WorkerSystem(redis, { worker: { leaseSeconds: 1 } });
    const supervisor = system.worker(['--replicas', '2', '--concurrency', '2']);
    const names = async () =>
      (await system.workers())
        .filter(({ state }) => state === 'running')
        .map(({ id }) => id.slice(0, 8));
    await expect.poll(async () => (await names()).sort()).toEqual(['worker-1', 'worker-2']);
    await system.addMany(40, 'nap', { ms: 100 });
    await system.runningCount(4);

    const [victim] = await system.workers();
    process.kill(victim!.pid, 'SIGKILL');
    await supervisor.says(/replica \d ended \(killed by SIGKILL\); starting it again/);
    await system.runningCount(4);

    await system.dsw('worker', 'scale', '3');
    await expect.poll(async () => new Set(await names())).toContain('worker-3');
    await system.dsw('worker', 'scale', '1');
    await expect.poll(names).toEqual(['worker-1']);
    expect(await system.settled()).toEqual({ completed: 40 });

    const pids = (await system.workers()).map(({ pid }) => pid);
    expect((await supervisor.stop()).code).toBe(0);
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow();
    expect(await names()).toEqual([]);
  });

  it('that die again and again are started again after ever longer waits', async () => {
    const waits: number[] = [];
    const dies = new SupervisedProcess({
      args: ['no-such-command'],
      environment: {},
      logFile: join(temporaryFolder(), 'log'),
      onDeath: (reason, seconds) => {
        expect(reason).toBe('exit 2');
        waits.push(seconds);
      },
    });
    await dies.start();
    await expect.poll(() => waits.length, { interval: 20 }).toBe(3);
    await dies.stop();
    // 0.5 s, doubled each time, of which at least half.
    for (const [i, seconds] of waits.entries()) {
      expect(seconds).toBeGreaterThanOrEqual(0.25 * 2 ** i);
      expect(seconds).toBeLessThanOrEqual(0.5 * 2 ** i);
    }
    expect(dies.upMs).toBe(0);
  });

  it('end when their supervisor is killed', async () => {
    const system = new WorkerSystem(redis);
    const supervisor = system.worker(['--replicas', '1', '--concurrency', '1']);
    await expect.poll(async () => (await system.workers()).length).toBe(1);
    await supervisor.stop('SIGKILL');
    await expect.poll(async () => (await system.workers()).length).toBe(0);
  });
});

describe('memory', () => {
  it('refuses to start slots that can not all fit, with the numbers', async () => {
    const system = new WorkerSystem(redis, { worker: { warmTasks: ['ocr'] } });
    const { code, stderr } = await system.worker(['--concurrency', '1024']).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /1024 slots of \d+ MB beside \d+ MB need \d+ MB, and there are \d+ MB: at most \d+ fit/,
    );
    expect(stderr).toContain('--allow-overcommit');
  });
});

describe('weighted order', () => {
  it('starves no queue, and serves the urgent ones more', async () => {
    const system = new WorkerSystem(redis);
    for (const queue of ['high_priority', 'default', 'low_priority', 'maintenance'] as const) {
      await system.addMany(30, 'nap', { ms: 1 }, queue);
    }
    system.worker(['--concurrency', '1', '--queue-order', 'weighted']);
    await system.settled();
    const order = await Promise.all(
      system.runs().map(async ({ id }) => (await system.record(id)).queue),
    );
    const share = (queue: string): number =>
      order.slice(0, 45).filter((name) => name === queue).length;
    expect(share('maintenance')).toBeGreaterThanOrEqual(2);
    expect(share('low_priority')).toBeGreaterThanOrEqual(4);
    expect(share('default')).toBeGreaterThan(share('low_priority'));
    expect(share('high_priority')).toBeGreaterThan(share('default'));
  });
});

describe('dsw jobs', () => {
  it('lists, shows, retries, discards, moves and cancels', async () => {
    const system = new WorkerSystem(redis);
    const dead = await system.add('fail', { reason: 'no toner' }, { label: 'letter.png' });
    const long = await system.add('nap', { ms: 60_000 });
    const stubborn = await system.add('busy', { ms: 60_000 });
    const dsw = system.worker(['--concurrency', '2']);
    await system.ran(3);
    const [moved, cancelled, discarded] = await system.addMany(3, 'quick');

    const [list, table, shown, unasked] = await Promise.all([
      system.dsw('jobs', 'list', '--state', 'dead', '--error', 'toner', '--json'),
      system.dsw('jobs', 'list'),
      system.dsw('jobs', 'show', dead),
      system.dsw('jobs', 'cancel', cancelled!),
    ]);
    expect(JSON.parse(list.stdout)).toMatchObject([
      { id: dead, state: 'dead', label: 'letter.png', reason: 'no toner' },
    ]);
    for (const line of table.stdout.trim().split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(table.stdout).toMatch(new RegExp(`^${long} +running +nap`, 'm'));
    expect(shown.stdout).toMatch(/^reason +no toner$/m);
    expect(unasked.code).toBe(2);

    const acts = await Promise.all([
      system.dsw('jobs', 'move', moved!, '--to', 'low_priority'),
      system.dsw('jobs', 'cancel', cancelled!, '--yes'),
      system.dsw('jobs', 'discard', discarded!, '--yes'),
      system.dsw('jobs', 'discard', long, '--yes'),
      system.dsw('jobs', 'retry', 'j-none'),
    ]);
    expect(acts.map(({ code }) => code)).toEqual([0, 0, 0, 1, 1]);
    expect(acts[1].stdout).toBe(`${cancelled!}  cancelled\n`);
    expect(acts[3].stdout).toContain('it is running');
    expect(acts[0].stdout).toBe(`${moved!}  moved to low_priority\n`);
    expect(await system.queueSet.of('low_priority').getWaitingCount()).toBe(1);
    const filtered = await Promise.all([
      system.dsw('jobs', 'move', '--queue', 'low_priority', '--to', 'default', '--yes'),
      system.dsw('jobs', 'discard', '--error', 'no such reason', '--yes', '--json'),
    ]);
    expect(filtered.map(({ code }) => code)).toEqual([0, 0]);
    expect(filtered[0].stdout).toBe('1 job moved to default\n');
    expect(JSON.parse(filtered[1].stdout)).toEqual({});
    expect(await system.record(cancelled!)).toMatchObject({ state: 'dead', reason: 'cancelled' });
    await expect(system.record(discarded!)).rejects.toThrow('no job');

    const told = await system.dsw('jobs', 'cancel', long, stubborn, '--yes');
    expect(told.stdout.match(/its worker has been told/g)).toHaveLength(2);
    for (const id of [long, stubborn]) {
      await expect
        .poll(() => system.record(id))
        .toMatchObject({ state: 'dead', reason: 'cancelled' });
    }
    expect((await system.dsw('jobs', 'retry', dead)).code).toBe(0);
    await expect.poll(() => system.runs().filter(({ id }) => id === dead).length).toBe(2);
    expect((await dsw.stop()).code).toBe(0);
  });
});
