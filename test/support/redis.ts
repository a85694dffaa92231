import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { PrivateRedis, redisUrlOf, type RedisAddress } from '../../src/app/private-redis.js';
import { findRedisProgram } from '../../src/app/redis-program.js';
import { connectRedis, type Redis } from '../../src/queues/connection.js';
import { temporaryFolder } from './folder.js';

export interface TestRedis {
  url: string;
  /** A connection for the test itself. */
  client: Redis;
  server: PrivateRedis;
  /** A key prefix that no other test uses. */
  prefix(): string;
}

/**
 * A real Redis on a private port for the tests of one file. Fails the file when something that a
 * test opened is still connected at its end.
 */
export function useRedis(): TestRedis {
  const folder = mkdtempSync(join(tmpdir(), 'dsw-test-'));
  const redis = { prefix: newPrefix } as TestRedis;
  beforeAll(async () => {
    const program = findRedisProgram();
    if (!program) throw new Error('no Redis server: run npm test, which installs one');
    redis.server = new PrivateRedis({ program, folder });
    await redis.server.start();
    const address = redis.server.address;
    if (!address) throw new Error('the Redis server has no address');
    redis.url = redisUrlOf(address);
    redis.client = await connectRedis(redis.url, { name: 'test', manner: 'patient' });
  });
  afterAll(async () => {
    const clients = String(await redis.client.client('LIST'))
      .trim()
      .split('\n');
    const leaked = clients
      .map((line) => /name=(\S*)/.exec(line)?.[1] ?? line)
      .filter((name) => name !== 'test');
    redis.client.disconnect();
    await redis.server.stop();
    rmSync(folder, { recursive: true, force: true });
    expect(leaked, 'connections left open').toEqual([]);
  });
  return redis;
}

interface OwnRedisOptions {
  directives?: string[];
  /** Of one that was there before. */
  address?: RedisAddress;
  folder?: string;
}

/** A Redis of one test's own, to break. */
export async function ownRedis(options: OwnRedisOptions = {}) {
  const folder = options.folder ?? temporaryFolder();
  const server = new PrivateRedis({ program: findRedisProgram()!, ...options, folder });
  await server.start();
  onTestFinished(() => server.stop());
  const at = server.address!;
  const url = redisUrlOf(at);
  const client = await connectRedis(url, { name: 'test', manner: 'patient' });
  onTestFinished(() => client.disconnect());
  const own: TestRedis = { url, client, server, prefix: newPrefix };
  return { own, server, at, folder };
}

function newPrefix(): string {
  return `t${randomBytes(6).toString('hex')}`;
}
