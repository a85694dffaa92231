import { readEnvironment } from '../config/environment.js';
import type { Settings } from '../config/settings.js';
import type { StoreSettings } from '../config/store-settings.js';
import { DswError } from '../errors.js';
import type { DocumentStore } from './document-store.js';
import { FileStore } from './file-store.js';

/** All that is needed to open a document store, wherever: it can be handed to a thread. */
export interface StoreOptions {
  url: string;
  /** The system's own Redis and namespace, which a store called `redis:` shares. */
  redisUrl: string;
  prefix: string;
  settings: StoreSettings;
}

/** The document store that settings name. */
export function storeOptions(
  { store, stores, prefix }: Pick<Settings, 'store' | 'stores' | 'prefix'>,
  redisUrl: string,
): StoreOptions {
  return { url: store, redisUrl, prefix, settings: stores };
}

/**
 * The store at a URL: `file:FOLDER`, absolute or relative to the working folder; `redis:` for the
 * system's own Redis, or the URL of another; `s3://BUCKET/PREFIX`. Only what it needs is loaded, and
 * it connects when first used.
 * @throws DswError `config` for another kind of URL.
 */
export async function openDocumentStore(options: StoreOptions): Promise<DocumentStore> {
  const { url, redisUrl, prefix, settings } = options;
  if (url.startsWith('file:')) return fileStoreAt(url);
  if (/^rediss?:/.test(url)) {
    const { RedisStore } = await import('./redis-store.js');
    return new RedisStore(url === 'redis:' ? redisUrl : url, prefix, settings.redis);
  }
  if (url.startsWith('s3:')) {
    const { S3Store } = await import('./s3-store.js');
    return new S3Store(url, settings.s3, readEnvironment().s3);
  }
  throw new DswError('config', `store: expected file:, redis: or s3:, got another kind of URL`);
}

/**
 * For a worker's start: with a folder that it may not write to, every job would fail. What other
 * stores refuse, only a write tells, and their own errors say it.
 * @throws DswError `unavailable` naming the folder.
 */
export async function requireWritableStore({ url }: StoreOptions): Promise<void> {
  if (url.startsWith('file:')) await fileStoreAt(url).requireWritable();
}

function fileStoreAt(url: string): FileStore {
  return new FileStore(url.slice('file:'.length).replace(/^\/\//, ''));
}
