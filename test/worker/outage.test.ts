import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { redisUrlOf } from '../../src/app/private-redis.js';
import { packageRoot } from '../../src/config/package-root.js';
import { ownRedis, useRedis } from '../support/redis.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { WorkerSystem } from '../support/worker-system.js';

const redis = useRedis();

async function freePort(): Promise<number> {
  const proxy = await TcpProxy.to(0);
  const { port } = proxy;
  await proxy.close();
  return port;
}

/** A system whose workers reach the test's Redis through a proxy. */
async function proxied(settings: { worker?: object } = {}) {
  const proxy = await TcpProxy.to(redis.server.address!.port);
  onTestFinished(() => proxy.close());
  const url = redisUrlOf({ ...redis.server.address!, port: proxy.port });
  return { proxy, url, system: new WorkerSystem(redis, settings) };
}

/** CPU time of all threads of a process so far; 0 where the system does not tell. */
function cpuSecondsOf(pid: number): number {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return 0;
  const [user, system] = readFileSync(path, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
    .slice(11);
  return (Number(user) + Number(system)) / 100;
}

describe('a Redis outage is a pause', () => {
  it('a restart under load loses and repeats nothing, and work resumes within two seconds', async () => {
    const { own, server, at, folder } = await ownRedis();
    const system = new WorkerSystem(own);
    await system.addMany(200, 'nap', { ms: 20 });
    const dsw = system.worker();
    await expect.poll(() => system.runs().length).toBeGreaterThan(40);
    server.abandon();
    await dsw.says(/Redis does not answer/);
    await ownRedis({ address: at, folder });
    const backAt = Date.now();
    const before = system.runs().length;
    await expect.poll(() => system.runs().length, { interval: 20 }).toBeGreaterThan(before);
    expect(Date.now() - backAt).toBeLessThan(2500);
    expect(await system.settled()).toEqual({ completed: 200 });
    expect(system.runs()).toHaveLength(200);
    expect(dsw.child.exitCode).toBeNull();
    expect((await dsw.stop()).code).toBe(0);
  });

  it('longer than the lease gives no job away: live workers take theirs back, done meanwhile or not', async () => {
    const { own, server, at, folder } = await ownRedis();
    const system = new WorkerSystem(own, { worker: { leaseSeconds: 1 } });
    // One ends while Redis is gone, the others after it is back.
    const ids = [await system.add('nap', { ms: 1500 }), ...(await system.addMany(3, 'held'))];
    const workers = [system.worker(), system.worker()];
    await system.ran(4);
    server.abandon();
    for (const worker of workers) await worker.says(/Redis does not answer/);
    const cpuBefore = workers.map(({ child }) => cpuSecondsOf(child.pid!));
    await new Promise((resolve) => setTimeout(resolve, 2000));
    // No busy loop: waiting costs next to nothing, and is said once.
    for (const [i, { child, stderr }] of workers.entries()) {
      expect(cpuSecondsOf(child.pid!) - cpuBefore[i]!).toBeLessThan(0.5);
      expect(stderr.match(/Redis does not answer/g)).toHaveLength(1);
    }
    await ownRedis({ address: at, folder });
    // Longer than others wait before they take what looks abandoned.
    await new Promise((resolve) => setTimeout(resolve, 4000));
    system.release();
    expect(await system.settled()).toEqual({ completed: 4 });
    expect(system.runs()).toHaveLength(4);
    for (const id of ids) expect(await system.record(id)).toMatchObject({ attemptsMade: 1 });
    for (const worker of workers) expect(worker.stderr).not.toMatch(/does not count/);
  });

  it('cut in mid-command, with replies lost, loses and repeats nothing', async () => {
    const { proxy, url, system } = await proxied();
    await system.addMany(200, 'nap', { ms: 5 });
    const dsw = system.worker(['--concurrency', '4'], url);
    for (let cut = 1; cut <= 3; cut++) {
      await expect.poll(() => system.runs().length, { interval: 5 }).toBeGreaterThan(cut * 40);
      await proxy.swallowReplies();
      proxy.cut();
      proxy.passReplies();
    }
    expect(await system.settled()).toEqual({ completed: 200 });
    expect(new Set(system.runs().map(({ id }) => id)).size).toBe(200);
    expect(system.runs()).toHaveLength(200);
    expect((await dsw.stop()).code).toBe(0);
    expect(dsw.stderr).not.toMatch(/stalled/);
  });

  it('that ends at another address is followed: failover to a replica', async () => {
    const master = redis.server.address!;
    const { own: replica, at } = await ownRedis();
    await replica.client.config('SET', 'masterauth', master.password);
    await replica.client.config('SET', 'requirepass', master.password);
    await redis.client.config('SET', 'repl-diskless-sync-delay', '0');
    await replica.client.replicaof('127.0.0.1', String(master.port));
    await expect.poll(() => replica.client.info('replication')).toContain('master_link_status:up');
    const { proxy, url, system } = await proxied();
    await system.addMany(60, 'nap', { ms: 20 });
    system.worker(['--concurrency', '2'], url);
    await expect.poll(() => system.runs().length).toBeGreaterThan(10);
    await redis.client.wait(1, 2000);
    await replica.client.replicaof('NO', 'ONE');
    proxy.redirect(at.port);
    const completed = system.keyspace.queue('default', 'completed');
    await expect.poll(() => replica.client.zcard(completed)).toBe(60);
  });
});

describe('a Redis that refuses writes', () => {
  it('full: the worker says so, keeps what it has, and goes on when there is room', async () => {
    const { own } = await ownRedis();
    const system = new WorkerSystem(own);
    await system.addMany(6, 'held');
    const dsw = system.worker();
    await system.ran(2);
    await own.client.config('SET', 'maxmemory', '1mb');
    system.release();
    await dsw.says(/takes no jobs: Redis refuses writes: .*OOM/);
    await expect.poll(async () => (await system.workers())[0]?.holdingBack).toBeUndefined();
    await own.client.config('SET', 'maxmemory', '0');
    await dsw.says(/takes jobs again/);
    expect(await system.settled()).toEqual({ completed: 6 });
    expect(system.runs()).toHaveLength(6);
  });

  it('whose disk is full: the worker says so, keeps what it has, and goes on when it may', async () => {
    const { own, folder } = await ownRedis({ directives: ['dbfilename blocked'] });
    const system = new WorkerSystem(own);
    await system.addMany(6, 'held');
    const dsw = system.worker();
    await system.ran(2);
    // A snapshot that can't be written, as on a full disk.
    mkdirSync(join(folder, 'blocked'));
    await own.client.config('SET', 'save', '3600 1');
    await own.client.bgsave();
    await expect.poll(() => own.client.info('persistence')).toContain('rdb_last_bgsave_status:err');
    system.release();
    await dsw.says(/takes no jobs: Redis refuses writes: .*MISCONF/);
    const submitted = await system.dsw(
      'submit',
      join(packageRoot(), 'samples', 'reminder-slip.bmp'),
    );
    expect(submitted.code).toBe(1);
    expect(submitted.stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
    expect(submitted.stderr).toMatch(/MISCONF/);
    await own.client.config('SET', 'stop-writes-on-bgsave-error', 'no');
    // It would not end while it can't save.
    await own.client.config('SET', 'save', '');
    await dsw.says(/takes jobs again/);
    expect(await system.settled()).toEqual({ completed: 6 });
    expect(system.runs()).toHaveLength(6);
  });

  it('read-only: work goes on when it is a master again', async () => {
    const { own } = await ownRedis();
    const system = new WorkerSystem(own);
    await system.addMany(6, 'held');
    const dsw = system.worker();
    await system.ran(2);
    await own.client.replicaof('127.0.0.1', '1');
    system.release();
    await dsw.says(/READONLY|does not answer|refuses/);
    await own.client.replicaof('NO', 'ONE');
    expect(await system.settled()).toEqual({ completed: 6 });
    expect(system.runs()).toHaveLength(6);
  });
});

describe('ways to reach Redis', () => {
  it('TLS', async () => {
    const tls = `${packageRoot()}/test/fixtures/tls`;
    const port = await freePort();
    const { own, at } = await ownRedis({
      directives: [
        `tls-port ${port}`,
        `tls-cert-file ${tls}/cert.pem`,
        `tls-key-file ${tls}/key.pem`,
        `tls-ca-cert-file ${tls}/cert.pem`,
        'tls-auth-clients no',
      ],
    });
    const system = new WorkerSystem(own);
    await system.add('quick');
    const url = `rediss://:${at.password}@localhost:${port}`;
    const dsw = system.worker(['--concurrency', '1'], url, {
      NODE_EXTRA_CA_CERTS: `${tls}/cert.pem`,
    });
    expect(await system.settled()).toEqual({ completed: 1 });
    await dsw.says(/ready: .*rediss:\/\/localhost:\d+"/);
  });

  it('a cluster: all keys of a system lie in one hash slot', async () => {
    const { own } = await ownRedis({ directives: ['cluster-enabled yes'] });
    await own.client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await expect.poll(() => own.client.cluster('INFO')).toContain('cluster_state:ok');
    const system = new WorkerSystem(own);
    await system.add('fail', {}, { attempts: 1 });
    await system.addMany(20, 'quick');
    await system.add('quick', {}, { queue: 'high_priority' });
    const dsw = system.worker();
    expect(await system.settled()).toEqual({ completed: 21, failed: 1 });
    await expect.poll(async () => (await system.workers()).length).toBe(1);
    expect((await dsw.stop()).code).toBe(0);
    expect(dsw.stderr).not.toMatch(/CROSSSLOT|failed:/);
  });

  it('a wrong password is said in one line, not retried for ever', async () => {
    const system = new WorkerSystem(redis);
    const { port } = redis.server.address!;
    const { code, stderr } = await system.worker(
      ['--concurrency', '1'],
      `redis://:wrong-one@127.0.0.1:${port}`,
    ).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /Redis at redis:\/\/127\.0\.0\.1:\d+ refused: WRONGPASS.*\n {2}Look at the user and password/,
    );
    expect(stderr).not.toContain('wrong-one');
  });
});
