import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/config/package-root.js';
import { makeControlGroup } from '../support/control-group.js';
import { runDsw, type DswProcess } from '../support/dsw-process.js';
import { useRedis } from '../support/redis.js';
import { WorkerSystem } from '../support/worker-system.js';

const redis = useRedis();
const works = (...args: string[]): boolean => spawnSync('unshare', args).status === 0;
/** Namespaces of our own need Linux, and a system that lets users have them. */
const canBePid1 = works('-rpf', '--mount-proc', 'true');
const canMount = works('-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt');
if (!canBePid1 || !canMount)
  process.stderr.write('no user namespaces here: container tests are skipped\n');

/** The process that `unshare --fork` has started. */
function inner(dsw: DswProcess): number {
  const { pid } = dsw.child;
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
}

describe('in a container', () => {
  it.skipIf(!canBePid1)('as process 1 a worker drains on SIGTERM', async () => {
    const system = new WorkerSystem(redis);
    await system.addMany(3, 'held');
    const inside = ['unshare', '-rpf', '--kill-child', '--mount-proc'];
    const dsw = system.worker(['--concurrency', '2'], redis.url, {}, inside);
    await system.ran(2);
    await expect.poll(async () => (await system.workers())[0]?.isPid1).toBe(true);
    process.kill(inner(dsw), 'SIGTERM');
    await dsw.says(/draining: 2 running jobs/);
    system.release();
    expect((await dsw.ended).code).toBe(0);
    expect(await system.states()).toEqual({ completed: 2, wait: 1 });
    expect(system.runs()).toHaveLength(2);
  });

  it.skipIf(!canMount)('a full disk is waited out, and costs no try', async () => {
    const system = new WorkerSystem(redis);
    const store = join(system.folder, 'documents');
    mkdirSync(store);
    const filler = join(store, 'filler');
    const fill = `mount -t tmpfs -o size=400k none ${store} && head -c 300000 /dev/zero > ${filler}`;
    const inside = ['unshare', '-rm', 'sh', '-c', `${fill} && exec "$0" "$@"`];
    const ids = await system.addMany(4, 'store', { bytes: 50_000 });
    const flags = ['--concurrency', '1', '--store', `file:${store}`];
    const dsw = system.worker(flags, redis.url, {}, inside);
    await dsw.says(/takes no jobs: .*(ENOSPC|no space)/i);
    await expect
      .poll(async () => (await system.workers())[0]?.holdingBack)
      .toMatch(/ENOSPC|no space/i);
    const seen = `/proc/${dsw.child.pid}/root${filler}`;
    expect(existsSync(seen)).toBe(true);
    // What submits says it in a line, with what to do, and leaves nothing of itself behind.
    const before = readdirSync(dirname(seen)).length;
    const enter = ['nsenter', '-U', '-m', '--preserve-credentials', '-t', String(dsw.child.pid)];
    const slip = join(packageRoot(), 'samples', 'reminder-slip.bmp');
    const submitted = await runDsw(['submit', slip, slip, '--store', `file:${store}`], {
      cwd: system.folder,
      env: { REDIS_URL: redis.url, DSW_PREFIX: system.prefix },
      inside: enter,
    });
    expect(submitted.code).toBe(1);
    expect(submitted.stderr).toMatch(/^dsw: the disk is full: .*\n {2}Nothing was kept .*\n$/);
    expect(readdirSync(dirname(seen))).toHaveLength(before);
    rmSync(seen);
    await dsw.says(/takes jobs again/);
    expect(await system.settled()).toEqual({ completed: 4 });
    for (const id of ids) expect(await system.record(id)).toMatchObject({ attemptsMade: 1 });
    expect(system.runs().length).toBeGreaterThan(4);
  });

  it('a real limit bounds slots and jobs: too many are refused, above 80 % none is taken', async (test) => {
    const LIMIT_MB = 400;
    const group = makeControlGroup(LIMIT_MB, 1);
    test.skip(!group, 'no control groups of its own here');
    const system = new WorkerSystem(redis);
    const { inside, inUseMb } = group!;
    const refused = system.worker(['--concurrency', '200'], redis.url, {}, inside);
    const dsw = system.worker(['--concurrency', 'auto'], redis.url, {}, inside);
    expect((await refused.ended).stderr).toMatch(
      /200 slots of \d+ MB beside \d+ MB need \d+ MB, and there are 400 MB: at most \d+ fit/,
    );
    await dsw.says(/ready: \d slots/);
    expect(await system.workers()).toMatchObject([
      { memoryLimitMb: LIMIT_MB, cpuLimitCores: 1, memoryMb: expect.any(Number) as number },
    ]);
    await system.add('buffers', { filled: true, mb: Math.round(LIMIT_MB * 0.87 - inUseMb()) });
    const [said] = await dsw.says(/takes no jobs: memory \d+ % of 400 MB in use/);
    expect(Number(/(\d+) %/.exec(said)?.[1])).toBeGreaterThan(80);
    await dsw.says(/a slot is replaced: memory/);
    await dsw.says(/takes jobs again/);
    await system.addMany(20, 'quick');
    expect(await system.settled()).toEqual({ completed: 21 });
    expect((await dsw.stop()).code).toBe(0);
  });
});
