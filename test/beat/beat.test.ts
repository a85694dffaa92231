import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { Keyspace } from '../../src/queues/keyspace.js';
import { QueueSet } from '../../src/queues/queue-set.js';
import { runDsw, startDsw, type DswProcess } from '../support/dsw-process.js';
import { temporaryFolder } from '../support/folder.js';
import { useRedis } from '../support/redis.js';

const redis = useRedis();

/** A system whose beats have these schedules, and a short lease. */
function beatSystem(schedules: object, beat: object = { leaseSeconds: 1 }) {
  const prefix = redis.prefix();
  const cwd = temporaryFolder();
  const file = join(cwd, 'dsw.yaml');
  const configure = (settings: object): void => writeFileSync(file, stringify(settings));
  const off = { enabled: false };
  configure({
    beat,
    schedules: { cleanup_old_files: off, cleanup_orphaned_jobs: off, ...schedules },
  });
  const options = { cwd, env: { REDIS_URL: redis.url, DSW_PREFIX: prefix } };
  const queue = new QueueSet(redis.client, new Keyspace(prefix)).of('maintenance');
  return {
    file,
    configure,
    start: (): DswProcess => startDsw(['beat'], options),
    dsw: (...args: string[]) => runDsw(['beat', ...args], options),
    /** Due times of all jobs enqueued so far, by schedule. */
    ticks: async (name: string): Promise<number[]> => {
      const jobs = await queue.getJobs(['waiting'], 0, -1, true);
      const data = jobs.map((job) => job.data as { label: string; dueAt?: number });
      return data.flatMap(({ label, dueAt }) =>
        label === name && dueAt !== undefined ? [dueAt] : [],
      );
    },
    jobs: () => queue.getJobs(['waiting'], 0, -1, true),
  };
}

describe('dsw beat', () => {
  it('sends the built-in tasks once, whoever stands by, and hands over at a clean stop', async () => {
    const system = beatSystem(
      { cleanup_old_files: {}, cleanup_orphaned_jobs: {} },
      { leaseSeconds: 20 },
    );
    const first = system.start();
    const [, holder] = await first.says(/(beat-\w+) is the scheduler/);
    await first.says(/sent due task cleanup_orphaned_jobs \(due .*\) to maintenance/);
    const second = system.start();
    await second.says(new RegExp(`stands by: ${holder} is the scheduler`));
    const stoppedAt = Date.now();
    expect((await first.stop()).code).toBe(0);
    expect(first.stderr).not.toMatch(/could not give the lease up/);
    await second.says(/beat-\w+ is the scheduler: /);
    // At once: well below the lease of 20 s.
    expect(Date.now() - stoppedAt).toBeLessThan(10_000);
    expect((await system.jobs()).map(({ name }) => name).sort()).toEqual([
      'cleanup_old_files',
      'cleanup_orphaned_jobs',
    ]);
  });

  it('hands over within the lease and a second when it is killed; no tick is lost or doubled', async () => {
    const system = beatSystem({ tick: { every: '250ms', missed: 'all' } });
    const first = system.start();
    await first.says(/sent due task tick/);
    const second = system.start();
    await second.says(/stands by: beat-\w+ is the scheduler \(host .*, process \d+\)/);
    const killedAt = Date.now();
    first.child.kill('SIGKILL');
    await second.says(/is the scheduler: tick/);
    const gapMs = Date.now() - killedAt;
    await second.says(/sent due task tick(?:[^]*sent due task tick){4}/);
    const ticks = await system.ticks('tick');
    const first0 = ticks[0]!;
    expect(ticks).toEqual(ticks.map((_, i) => first0 + i * 250));
    expect(gapMs).toBeLessThan(2000 + 1500);
  });

  it('does not enqueue after it was frozen and another took over', async () => {
    const system = beatSystem({ tick: { every: '200ms', missed: 'all' } });
    const frozen = system.start();
    await frozen.says(/sent due task tick/);
    frozen.child.kill('SIGSTOP');
    const successor = system.start();
    await successor.says(/is the scheduler: tick/);
    await successor.says(/sent due task tick/);
    frozen.child.kill('SIGCONT');
    await frozen.says(/stands by: beat-\w+ is the scheduler/);
    await successor.says(/sent due task tick(?:[^]*sent due task tick){8}/);
    const ticks = await system.ticks('tick');
    expect(ticks).toEqual(ticks.map((_, i) => ticks[0]! + i * 200));
  });

  it('reads its schedules again on SIGHUP, and keeps the old ones when the file is wrong', async () => {
    const system = beatSystem({ tick: { every: '300ms', missed: 'all' } });
    const beat = system.start();
    await beat.says(/sent due task tick/);
    writeFileSync(system.file, 'schedules:\n  tick:\n    cron: 61 * * * *\n');
    beat.child.kill('SIGHUP');
    await beat.says(/stay as they were: .*dsw\.yaml:3: schedules\.tick\.cron: expected .*minute/);
    system.configure({
      beat: { leaseSeconds: 1 },
      schedules: {
        tick: { every: '300ms', missed: 'all' },
        tock: { task: 'tick', every: '400ms' },
        cleanup_old_files: { enabled: false },
        cleanup_orphaned_jobs: { enabled: false },
      },
    });
    beat.child.kill('SIGHUP');
    await beat.says(/has loaded its schedules: tick, tock/);
    await expect
      .poll(async () => (await system.ticks('tock')).length, { timeout: 10_000 })
      .toBeGreaterThan(2);
    const ticks = await system.ticks('tick');
    expect(ticks).toEqual(ticks.map((_, i) => ticks[0]! + i * 300));
  });
});

describe('dsw beat for operators', () => {
  it('--once sends what is due and ends; a second time there is nothing', async () => {
    const system = beatSystem({ yearly: { every: '365d', task: 'cleanup_old_files' } });
    const first = await system.dsw('--once');
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toMatch(/^j\w+ {2}cleanup_old_files {2}due \d{4}-\d\d-\d\dT00:00:00/);
    expect(first.stderr).toMatch(/sent due task cleanup_old_files \(due \S+, \d{3,} s late\) to/);
    const second = await system.dsw('--once');
    expect(second).toMatchObject({ code: 0, stdout: '' });
    expect(await system.jobs()).toHaveLength(1);
  });

  it('lists, runs, pauses and resumes', async () => {
    const system = beatSystem({ hourly: { every: '1h', task: 'cleanup_old_files' } });
    await system.dsw('--once');
    const run = await system.dsw('run', 'hourly');
    expect(run.code).toBe(0);
    expect(await system.jobs()).toHaveLength(2);
    expect((await system.dsw('pause', 'hourly')).stderr).toMatch(/hourly is paused/);
    const paused = JSON.parse((await system.dsw('list', '--json')).stdout) as {
      schedules: { name: string; paused: boolean; lastResult: string; nextDueTimes: string[] }[];
    };
    expect(paused.schedules).toMatchObject([
      { name: 'hourly', paused: true, lastResult: 'waiting', nextDueTimes: [] },
    ]);
    expect((await system.dsw('resume', 'hourly')).stderr).toMatch(/hourly goes on from now/);
    const listed = await system.dsw('list');
    expect(listed.stdout).toMatch(
      /^SCHEDULE +WHEN +NEXT DUE +LAST SENT +RESULT\nhourly +every 1h /,
    );
    expect(listed.stdout.match(/:00:00 {2}hourly$/gm)).toHaveLength(10);
    const unknown = await system.dsw('run', 'hourli');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toBe(
      'dsw: expected a schedule (hourly), got "hourli"; did you mean "hourly"?\n',
    );
  });
});
