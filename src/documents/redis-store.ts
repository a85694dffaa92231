import type { StoreSettings } from '../config/store-settings.js';
import { DswError } from '../errors.js';
import { closeRedis, connectRedis, type Redis } from '../queues/connection.js';
import { Keyspace } from '../queues/keyspace.js';
import { ObjectHashes } from '../queues/object-hashes.js';
import { redactRedisUrl } from '../queues/redis-address.js';
import {
  missingObject,
  splitKey,
  type DocumentStore,
  type StoredDocument,
  type StoredObject,
} from './document-store.js';

const MB = 1024 * 1024;

/**
 * Documents in Redis: replicas on several hosts share them with nothing but Redis. They lie in its
 * memory, so their size is limited and they expire.
 */
export class RedisStore implements DocumentStore {
  readonly #url: string;
  readonly #keyspace: Keyspace;
  readonly #limits: StoreSettings['redis'];
  #connection: Promise<{ redis: Redis; objects: ObjectHashes }> | undefined;

  constructor(url: string, prefix: string, limits: StoreSettings['redis']) {
    this.#url = url;
    this.#keyspace = new Keyspace(prefix);
    this.#limits = limits;
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    const { id, name } = splitKey(key);
    const { maxObjectMb, maxTotalMb, expireHours } = this.#limits;
    if (bytes.byteLength > maxObjectMb * MB) {
      throw new DswError(
        'refused',
        `expected at most ${maxObjectMb} MB for an object in Redis, got ${inMb(bytes.byteLength)} MB`,
        { hint: 'Raise stores.redis.maxObjectMb, or use a file: or s3: store.' },
      );
    }
    const objects = await this.#objects();
    const limits = { maxTotalBytes: maxTotalMb * MB, expireMs: expireHours * 3_600_000 };
    const held = await objects.put(id, name, bytes, limits);
    if (held === undefined) return;
    throw new DswError(
      'unavailable',
      `the Redis store is full: it holds ${inMb(held)} MB of ${maxTotalMb} MB, ${inMb(bytes.byteLength)} MB more do not fit`,
      { hint: 'Wait for a cleanup, lower cleanup.maxAgeHours, or raise stores.redis.maxTotalMb.' },
    );
  }

  async get(key: string): Promise<Buffer> {
    const { id, name } = splitKey(key);
    const bytes = await (await this.#objects()).get(id, name);
    if (bytes === undefined) throw missingObject(key);
    return bytes;
  }

  async has(key: string): Promise<boolean> {
    const { id, name } = splitKey(key);
    return (await this.#objects()).has(id, name);
  }

  async *list(prefix: string): AsyncIterable<StoredObject> {
    const { id, name: start } = splitKey(prefix);
    for (const { name, bytes } of await (await this.#objects()).list(id)) {
      if (name.startsWith(start)) yield { key: `${id}/${name}`, bytes };
    }
  }

  async *documents(): AsyncIterable<StoredDocument> {
    for await (const { group, bytes, modifiedMs } of (await this.#objects()).groups()) {
      yield { id: group, bytes, modifiedAt: new Date(modifiedMs) };
    }
  }

  async remove(prefix: string): Promise<number> {
    const { id, name: start } = splitKey(prefix);
    const objects = await this.#objects();
    if (start === '') return objects.remove(id, undefined);
    const names = (await objects.list(id)).map(({ name }) => name);
    const doomed = names.filter((name) => name.startsWith(start));
    return doomed.length === 0 ? 0 : objects.remove(id, doomed);
  }

  locate(key: string): string {
    const { id, name } = splitKey(key);
    return `${redactRedisUrl(this.#url)} ${this.#keyspace.storedGroup(id)} ${name}`;
  }

  async identity(): Promise<string> {
    return (await this.#objects()).identity();
  }

  async close(): Promise<void> {
    const connection = await this.#connection?.catch(() => undefined);
    this.#connection = undefined;
    if (connection) await closeRedis(connection.redis);
  }

  /** On a connection of its own: a large document would keep the jobs' commands waiting. */
  async #objects(): Promise<ObjectHashes> {
    this.#connection ??= this.#connect();
    const { objects } = await this.#connection;
    return objects;
  }

  async #connect(): Promise<{ redis: Redis; objects: ObjectHashes }> {
    const forget = (): void => (this.#connection = undefined);
    try {
      const redis = await connectRedis(this.#url, { name: 'dsw-store', manner: 'brisk' });
      // A brisk connection gives up after an outage; the next use opens another.
      redis.once('end', forget);
      return { redis, objects: new ObjectHashes(redis, this.#keyspace) };
    } catch (error) {
      forget();
      throw error;
    }
  }
}

function inMb(bytes: number): string {
  return (bytes / MB).toFixed(1);
}
