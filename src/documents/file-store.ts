import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { DswError } from '../errors.js';
import type { DocumentStore, StoredObject } from './document-store.js';

const TEMPORARY = '.tmp-';

/** Documents as files below one folder, readable by their owner only. */
export class FileStore implements DocumentStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = resolve(folder);
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    const path = this.locate(key);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const temporary = join(dirname(path), `${TEMPORARY}${randomUUID()}`);
    try {
      const file = await open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async get(key: string): Promise<Buffer> {
    try {
      return await readFile(this.locate(key));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw new DswError('refused', `no document at ${key} in the store`, {
        hint: 'It was removed, or this worker uses another store than the one it was submitted to.',
        cause: error,
      });
    }
  }

  async *list(prefix: string): AsyncIterable<StoredObject> {
    const entries = await readdir(this.#folder, { recursive: true, withFileTypes: true }).catch(
      ignoreMissing,
    );
    for (const entry of entries) {
      if (!entry.isFile() || entry.name.startsWith(TEMPORARY)) continue;
      const path = join(entry.parentPath, entry.name);
      const key = relative(this.#folder, path).split(sep).join('/');
      if (!key.startsWith(prefix)) continue;
      const info = await stat(path).catch(() => undefined);
      if (info) yield { key, bytes: info.size, modifiedAt: info.mtime };
    }
  }

  async remove(prefix: string): Promise<number> {
    let freed = 0;
    for await (const { key, bytes } of this.list(prefix)) {
      await rm(this.locate(key), { force: true });
      freed += bytes;
    }
    // An id's own folder goes with its last object.
    const folder = this.locate(prefix);
    if (folder !== this.#folder) await rm(folder, { recursive: true, force: true });
    return freed;
  }

  locate(key: string): string {
    const path = resolve(this.#folder, key);
    if (path !== this.#folder && !path.startsWith(this.#folder + sep)) {
      throw new DswError('refused', `expected a key inside the store, got ${JSON.stringify(key)}`);
    }
    return path;
  }
}

function ignoreMissing(error: unknown): [] {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
  throw error;
}
