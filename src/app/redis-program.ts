import { spawnSync } from 'node:child_process';

/** How to start a Redis server on this machine. */
export interface RedisProgram {
  command: string;
  /** Debian keeps the server in redis-tools under another name; it acts by the name it is called. */
  argv0: string;
  version: string;
}

/** Server programs in order of preference. */
const CANDIDATES = ['redis-server', 'valkey-server', 'redis-check-rdb', 'valkey-check-rdb'];

/** The Redis or Valkey server on PATH, or undefined when there is none. */
export function findRedisProgram(): RedisProgram | undefined {
  for (const command of CANDIDATES) {
    const argv0 = command.startsWith('valkey') ? 'valkey-server' : 'redis-server';
    const { stdout, status } = spawnSync(command, ['--version'], { argv0, encoding: 'utf8' });
    const version = status === 0 ? /server v=(\S+)/.exec(stdout)?.[1] : undefined;
    if (version !== undefined) return { command, argv0, version };
  }
  return undefined;
}
