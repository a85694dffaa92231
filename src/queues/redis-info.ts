import type { RedisSnapshot } from '../planning/snapshot.js';

const MB = 1024 * 1024;

/** What a snapshot tells of Redis itself, out of the reply of INFO. */
export function readRedisInfo(info: string, roundTripMs: number): RedisSnapshot {
  const fields = new Map(
    info.split('\r\n').map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1)];
    }),
  );
  const number = (name: string): number => Number(fields.get(name) ?? 0);
  return {
    version: fields.get('valkey_version') ?? fields.get('redis_version') ?? 'unknown',
    roundTripMs,
    usedMemoryMb: number('used_memory') / MB,
    maxMemoryMb: number('maxmemory') / MB,
    evictionPolicy: fields.get('maxmemory_policy') ?? 'unknown',
    persistence: persistenceOf(fields),
    connections: number('connected_clients'),
    maxConnections: number('maxclients'),
    role: fields.get('role') === 'slave' ? 'replica' : 'master',
  };
}

/** Snapshots count as on when one was ever asked for: INFO does not show the save points. */
function persistenceOf(fields: ReadonlyMap<string, string>): RedisSnapshot['persistence'] {
  if (fields.get('aof_enabled') === '1') return 'append-only';
  return Number(fields.get('rdb_saves') ?? 0) > 0 ? 'snapshots' : 'none';
}
