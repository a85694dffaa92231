import type { Settings } from '../../config/settings.js';
import { openDocumentStore, storeOptions } from '../../documents/open-store.js';
import { closeRedis, connectRedis, type Redis } from '../../queues/connection.js';
import { findForeignSchedulers } from '../../queues/foreign-schedulers.js';
import { Keyspace } from '../../queues/keyspace.js';
import { JobInspector } from '../../queues/job-inspector.js';
import { SnapshotReader } from '../../queues/snapshot-reader.js';
import { takePicture, type Picture } from '../picture.js';
import type { Facts } from './check.js';
import { readExpected } from './expected.js';

/** A document is stored before its job is enqueued; this long it may lie there without one. */
const GRACE_MS = 3_600_000;
/** A worker's connection that waits for work. */
const WORKER_CONNECTION = /\bname=(\S+-[0-9a-f]{8})-wait\b/;

/**
 * Judges a system by all that can be found out about it.
 * @throws DswError `unavailable` when Redis does not answer.
 */
export async function examine(redisUrl: string, settings: Settings): Promise<Picture> {
  const expected = await readExpected(settings);
  const redis = await connectRedis(redisUrl, { name: 'dsw-doctor', manner: 'brisk' });
  try {
    const keyspace = new Keyspace(settings.prefix);
    const snapshot = await new SnapshotReader(redis, keyspace).read();
    const facts: Facts = {
      clockSkewMs: Date.now() - snapshot.redis.roundTripMs / 2 - snapshot.at,
      connectedWorkers: await connectedWorkers(redis),
      savesSnapshots: await savesSnapshots(redis),
      foreignSchedulers: await findForeignSchedulers(redis, keyspace).catch(() => undefined),
      orphanedDocuments: await orphanedDocuments(redisUrl, settings).catch(() => undefined),
    };
    return takePicture(snapshot, { settings, expected }, { facts });
  } finally {
    await closeRedis(redis);
  }
}

/** A provider may forbid to ask. */
async function connectedWorkers(redis: Redis): Promise<string[] | undefined> {
  const list = await redis.client('LIST').catch(() => undefined);
  if (typeof list !== 'string') return undefined;
  return list.split('\n').flatMap((line) => WORKER_CONNECTION.exec(line)?.[1] ?? []);
}

async function savesSnapshots(redis: Redis): Promise<boolean | undefined> {
  const reply = await redis.config('GET', 'save').catch(() => undefined);
  return Array.isArray(reply) && typeof reply[1] === 'string' ? reply[1] !== '' : undefined;
}

async function orphanedDocuments(redisUrl: string, settings: Settings): Promise<number> {
  const documents = await openDocumentStore(storeOptions(settings, redisUrl));
  try {
    const old = new Set<string>();
    for await (const { id, modifiedAt } of documents.documents()) {
      if (modifiedAt.getTime() < Date.now() - GRACE_MS) old.add(id);
    }
    if (old.size === 0) return 0;
    const jobs = await JobInspector.connect(redisUrl, settings.prefix);
    try {
      for await (const { documentId } of jobs.references('all')) old.delete(documentId);
      return old.size;
    } finally {
      await jobs.close();
    }
  } finally {
    await documents.close();
  }
}
