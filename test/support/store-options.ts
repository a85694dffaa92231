import { settingsSchema } from '../../src/config/settings.js';
import type { StoreOptions } from '../../src/documents/open-store.js';

/** A file store, as a worker is given it. */
export function fileStoreOptions(folder: string): StoreOptions {
  const { stores } = settingsSchema.parse({});
  return { url: `file:${folder}`, redisUrl: '', prefix: '', settings: stores };
}
