// A Redis for one benchmark, without persistence: the same for all sides.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { Redis } from 'ioredis';
import { ensureBuild } from '../scripts/setup.mjs';

ensureBuild();
const { ensureRedisProgram } = await import('../dist/redis-program.js');

export async function startRedis() {
  const port = await freePort();
  const { command, argv0 } = ensureRedisProgram(console.error);
  const child = spawn(
    command,
    [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', tmpdir()],
      ...['--save', '', '--appendonly', 'no'],
    ],
    { argv0, stdio: 'ignore' },
  );
  process.on('exit', () => child.kill());
  const redis = new Redis(port, '127.0.0.1', { retryStrategy: () => 50 });
  redis.on('error', () => undefined);
  await redis.ping();
  return {
    url: `redis://127.0.0.1:${port}`,
    redis,
    async stop() {
      redis.disconnect();
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
