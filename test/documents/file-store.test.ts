import { readdirSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FileStore } from '../../src/documents/file-store.js';
import { temporaryFolder } from '../support/folder.js';

async function keysOf(store: FileStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys.sort();
}

describe('FileStore', () => {
  it('gives back what was put, and replaces it whole', async () => {
    const store = new FileStore(temporaryFolder());
    await store.put('d1/source', Buffer.from('first, and longer'));
    await store.put('d1/source', Buffer.from('second'));
    expect((await store.get('d1/source')).toString()).toBe('second');
  });

  it('leaves no temporary file and lets only the owner read', async () => {
    const folder = temporaryFolder();
    const store = new FileStore(folder);
    await store.put('d1/source', Buffer.from('x'));
    expect(readdirSync(`${folder}/d1`)).toEqual(['source']);
    expect(statSync(store.locate('d1/source')).mode & 0o777).toBe(0o600);
    expect(statSync(`${folder}/d1`).mode & 0o777).toBe(0o700);
  });

  it('lists and removes by prefix', async () => {
    const store = new FileStore(temporaryFolder());
    await store.put('d1/source', Buffer.from('12345'));
    await store.put('d1/j1/text.txt', Buffer.from('123'));
    await store.put('d2/source', Buffer.from('1'));
    expect(await keysOf(store, 'd1/')).toEqual(['d1/j1/text.txt', 'd1/source']);
    expect(await store.remove('d1/')).toBe(8);
    expect(await keysOf(store, '')).toEqual(['d2/source']);
  });

  it('says what is missing, and never leaves its folder', async () => {
    const store = new FileStore(temporaryFolder());
    await expect(store.get('d9/source')).rejects.toThrow('no document at d9/source');
    await expect(store.get('../../etc/passwd')).rejects.toThrow('expected a key inside the store');
    await expect(store.put('../x', Buffer.from(''))).rejects.toThrow(
      'expected a key inside the store',
    );
  });

  it('lists nothing of a folder that is not there yet', async () => {
    expect(await keysOf(new FileStore(`${temporaryFolder()}/later`), '')).toEqual([]);
  });
});
