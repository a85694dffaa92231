import { randomUUID } from 'node:crypto';
import type { Dir } from 'node:fs';
import {
  link,
  mkdir,
  open,
  opendir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { DswError, fileProblem, isOutOfSpace, messageOf } from '../errors.js';
import {
  missingObject,
  splitKey,
  type DocumentStore,
  type StoredDocument,
  type StoredObject,
} from './document-store.js';

const TEMPORARY = '.tmp-';
const IDENTITY = '.store-id';

/** Documents as files below one folder, readable by their owner only. */
export class FileStore implements DocumentStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = resolve(folder);
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    await this.#write(this.locate(key), bytes, rename);
  }

  async get(key: string): Promise<Buffer> {
    try {
      return await readFile(this.locate(key));
    } catch (error) {
      if (isMissing(error)) throw missingObject(key, error);
      throw error;
    }
  }

  async has(key: string): Promise<boolean> {
    const info = await stat(this.locate(key)).catch(undefinedIfMissing);
    return info !== undefined;
  }

  async *list(prefix: string): AsyncIterable<StoredObject> {
    const { id } = splitKey(prefix);
    for await (const { path, bytes } of filesBelow(join(this.#folder, id))) {
      const key = relative(this.#folder, path).split(sep).join('/');
      if (key.startsWith(prefix) && !isTemporary(path)) yield { key, bytes };
    }
  }

  async *documents(): AsyncIterable<StoredDocument> {
    const folder = await opendir(this.#folder).catch(undefinedIfMissing);
    for await (const entry of folder ?? ([] as unknown as Dir)) {
      if (!entry.isDirectory()) continue;
      const document = await this.#measure(entry.name);
      if (document) yield document;
    }
  }

  async remove(prefix: string): Promise<number> {
    const { id, name } = splitKey(prefix);
    const folder = join(this.#folder, id);
    let freed = 0;
    for await (const { path, bytes } of filesBelow(folder)) {
      const key = relative(this.#folder, path).split(sep).join('/');
      if (!key.startsWith(prefix)) continue;
      await rm(path, { force: true });
      freed += bytes;
    }
    if (name === '') await rm(folder, { recursive: true, force: true });
    return freed;
  }

  locate(key: string): string {
    const { id, name } = splitKey(key);
    return join(this.#folder, id, name);
  }

  /** Kept in the folder itself: all who share the folder read the same. */
  async identity(): Promise<string> {
    const path = join(this.#folder, IDENTITY);
    const read = (): Promise<string> => readFile(path, 'utf8');
    try {
      return await read();
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    // Linking fails when another was faster, and then that one's counts.
    await this.#write(path, Buffer.from(`file:${randomUUID()}`), async (from, to) => {
      await link(from, to).catch(ignoreExisting);
      await rm(from);
    });
    return await read();
  }

  /**
   * @throws DswError `unavailable` when nothing can be written here; want of room, which may pass, is
   * no reason.
   */
  async requireWritable(): Promise<void> {
    const probe = join(this.#folder, TEMPORARY + randomUUID());
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeFile(probe, '', { flag: 'wx', mode: 0o600 });
      await rm(probe);
    } catch (error) {
      if (isOutOfSpace(error)) return;
      const problem = fileProblem(error) ?? messageOf(error);
      throw new DswError('unavailable', `store: can't write to ${this.#folder}: ${problem}`, {
        hint: 'Let this user write there, or name another place (store: in dsw.yaml, DSW_STORE, --store).',
        cause: error,
      });
    }
  }

  async close(): Promise<void> {
    // Nothing is held open.
  }

  /** Writes beside the target, on the disk, then puts it in place in one step. */
  async #write(
    path: string,
    bytes: Uint8Array,
    place: (from: string, to: string) => Promise<void>,
  ): Promise<void> {
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
      await place(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /** What a write that died half-way left behind counts as well: it takes room. */
  async #measure(id: string): Promise<StoredDocument | undefined> {
    const folder = join(this.#folder, id);
    const own = await stat(folder).catch(undefinedIfMissing);
    if (!own) return undefined;
    let [bytes, newest] = [0, 0];
    for await (const file of filesBelow(folder)) {
      bytes += file.bytes;
      newest = Math.max(newest, file.modifiedMs);
    }
    return { id, bytes, modifiedAt: new Date(newest || own.mtimeMs) };
  }
}

async function* filesBelow(
  folder: string,
): AsyncIterable<{ path: string; bytes: number; modifiedMs: number }> {
  const options = { recursive: true, withFileTypes: true } as const;
  for (const entry of (await readdir(folder, options).catch(undefinedIfMissing)) ?? []) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const info = await stat(path).catch(undefinedIfMissing);
    if (info) yield { path, bytes: info.size, modifiedMs: info.mtimeMs };
  }
}

function isTemporary(path: string): boolean {
  return path.slice(path.lastIndexOf(sep) + 1).startsWith(TEMPORARY);
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR';
}

function undefinedIfMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}

function ignoreExisting(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
}
