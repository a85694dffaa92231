import { randomUUID } from 'node:crypto';
import type { Result } from 'ioredis';
import type { Redis } from './connection.js';
import type { Keyspace } from './keyspace.js';
import { putObjectScript, removeObjectsScript } from './object-hash-scripts.js';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    dswPutObject(
      keyCount: number,
      ...args: (string | number | Buffer)[]
    ): Result<[stored: number, total: number], Context>;
    dswRemoveObjects(keyCount: number, ...args: string[]): Result<number, Context>;
  }
}

export interface ObjectHashLimits {
  /** All objects together may hold so many bytes. */
  maxTotalBytes: number;
  /** A group is gone so long after the last write to it. */
  expireMs: number;
}

/** Objects in Redis, in groups: a hash for each group, an object in each field, their sizes beside them. */
export class ObjectHashes {
  readonly #redis: Redis;
  readonly #stem: string;
  readonly #identity: string;
  readonly #keys: [index: string, sizes: string, total: string];

  constructor(redis: Redis, keyspace: Keyspace) {
    this.#redis = redis;
    this.#stem = keyspace.storedGroup('');
    this.#identity = keyspace.storeIdentity;
    this.#keys = [keyspace.storeIndex, keyspace.storeSizes, keyspace.storeTotal];
    redis.defineCommand('dswPutObject', { lua: putObjectScript });
    redis.defineCommand('dswRemoveObjects', { lua: removeObjectsScript });
  }

  /** Writes an object. @returns the bytes held already when it found no room, else undefined. */
  async put(
    group: string,
    name: string,
    bytes: Uint8Array,
    { maxTotalBytes, expireMs }: ObjectHashLimits,
  ): Promise<number | undefined> {
    const value = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const head = [this.#stem, group, expireMs, maxTotalBytes];
    const [stored, total] = await this.#redis.dswPutObject(3, ...this.#keys, ...head, name, value);
    return stored === 1 ? undefined : total;
  }

  async get(group: string, name: string): Promise<Buffer | undefined> {
    return (await this.#redis.hgetBuffer(this.#stem + group, name)) ?? undefined;
  }

  async has(group: string, name: string): Promise<boolean> {
    return (await this.#redis.hexists(this.#stem + group, name)) === 1;
  }

  /** Names and sizes of a group's objects. */
  async list(group: string): Promise<{ name: string; bytes: number }[]> {
    const key = this.#stem + group;
    const names = await this.#redis.hkeys(key);
    const pipeline = this.#redis.pipeline();
    for (const name of names) pipeline.hstrlen(key, name);
    const replies = (await pipeline.exec()) ?? [];
    return names.map((name, i) => ({ name, bytes: Number(replies[i]?.[1] ?? 0) }));
  }

  /** Removes objects of a group; without names, all. @returns bytes freed. */
  remove(group: string, names: readonly string[] | undefined): Promise<number> {
    return this.#redis.dswRemoveObjects(3, ...this.#keys, this.#stem, group, ...(names ?? []));
  }

  /** Made up once, for all who ever ask this Redis. */
  async identity(): Promise<string> {
    await this.#redis.setnx(this.#identity, `redis:${randomUUID()}`);
    return (await this.#redis.get(this.#identity)) ?? '';
  }

  /** All groups with their size and last write (ms). One that comes or goes meanwhile may be missing. */
  async *groups(): AsyncIterable<{ group: string; bytes: number; modifiedMs: number }> {
    const [index, sizes] = this.#keys;
    for (let cursor = '0', first = true; first || cursor !== '0'; first = false) {
      const [next, pairs] = await this.#redis.zscan(index, cursor, 'COUNT', 200);
      cursor = next;
      const groups = pairs.filter((_, i) => i % 2 === 0);
      const bytes = groups.length > 0 ? await this.#redis.hmget(sizes, ...groups) : [];
      for (const [i, group] of groups.entries()) {
        yield { group, bytes: Number(bytes[i] ?? 0), modifiedMs: Number(pairs[2 * i + 1]) };
      }
    }
  }
}
