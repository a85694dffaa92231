import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { DocumentStore } from '../../src/documents/document-store.js';
import { FileStore } from '../../src/documents/file-store.js';
import { RedisStore } from '../../src/documents/redis-store.js';
import { S3Store } from '../../src/documents/s3-store.js';
import { temporaryFolder } from '../support/folder.js';
import { useRedis } from '../support/redis.js';
import { useS3 } from '../support/s3.js';

const redis = useRedis();
const s3 = useS3();
const limits = { maxObjectMb: 4, maxTotalMb: 5, expireHours: 1 };
const encryption = { encryption: 'AES256' as const };

/** Opens an empty store of each kind; called again with the same place, the same store. */
const kinds: [string, () => () => DocumentStore][] = [
  [
    'file:',
    () => {
      const folder = temporaryFolder();
      return () => new FileStore(folder);
    },
  ],
  [
    'redis:',
    () => {
      const prefix = redis.prefix();
      return () => new RedisStore(redis.url, prefix, limits);
    },
  ],
  [
    's3:',
    () => {
      const url = s3.url();
      return () => new S3Store(url, encryption, s3.environment());
    },
  ],
];

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const keysOf = async (store: DocumentStore, prefix: string): Promise<string[]> =>
  (await all(store.list(prefix))).map(({ key }) => key).sort();

describe.each(kinds)('a %s store', (kind, place) => {
  async function use(work: (store: DocumentStore, other: DocumentStore) => Promise<void>) {
    const open = place();
    const [store, other] = [open(), open()];
    try {
      await work(store, other);
    } finally {
      await Promise.all([store.close(), other.close()]);
    }
  }

  it('gives back what was put, byte for byte, and replaces it whole', () =>
    use(async (store, other) => {
      const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 7) % 256));
      await store.put('d1/source', Buffer.from('first'));
      await store.put('d1/source', bytes);
      await store.put('d1/empty', new Uint8Array());
      // A number in text is text.
      await store.put('d1/j1/text.txt', Buffer.from('12'));
      expect((await other.get('d1/source')).equals(bytes)).toBe(true);
      expect(await other.get('d1/empty')).toHaveLength(0);
      expect((await other.get('d1/j1/text.txt')).toString()).toBe('12');
    }));

  // S3 itself promises this; the server that stands in for it here doesn't.
  it.skipIf(kind === 's3:')('never shows a half-written object, however many write at once', () =>
    use(async (store, other) => {
      const versions = Array.from({ length: 8 }, (_, i) => Buffer.alloc(200_000, i));
      await store.put('d1/source', versions[0]!);
      const writers = Promise.all(versions.map((bytes) => store.put('d1/source', bytes)));
      for (let reads = 0; reads < 20; reads++) {
        const seen = await other.get('d1/source');
        expect(seen.equals(Buffer.alloc(200_000, seen[0]))).toBe(true);
      }
      await writers;
    }),
  );

  it('says whether it has an object, and what is missing', () =>
    use(async (store) => {
      await store.put('d1/source', Buffer.from('x'));
      expect(await store.has('d1/source')).toBe(true);
      expect(await store.has('d1/other')).toBe(false);
      expect(await store.has('d2/source')).toBe(false);
      await expect(store.get('d1/other')).rejects.toThrow('no document at d1/other in the store');
      await expect(store.get('d2/source')).rejects.toMatchObject({ code: 'refused' });
    }));

  it('lists and removes by prefix within one document', () =>
    use(async (store) => {
      await store.put('d1/source', Buffer.from('12345'));
      await store.put('d1/j1/text.txt', Buffer.from('123'));
      await store.put('d1/j2/text.txt', Buffer.from('1234'));
      await store.put('d10/source', Buffer.from('1'));
      expect(await keysOf(store, 'd1/')).toEqual(['d1/j1/text.txt', 'd1/j2/text.txt', 'd1/source']);
      expect(await all(store.list('d1/j1/'))).toEqual([{ key: 'd1/j1/text.txt', bytes: 3 }]);
      expect(await keysOf(store, 'd9/')).toEqual([]);
      expect(await store.remove('d1/j1/')).toBe(3);
      expect(await keysOf(store, 'd1/')).toEqual(['d1/j2/text.txt', 'd1/source']);
      expect(await store.remove('d1/')).toBe(9);
      expect(await store.remove('d1/')).toBe(0);
      expect(await keysOf(store, 'd1/')).toEqual([]);
      expect(await keysOf(store, 'd10/')).toEqual(['d10/source']);
    }));

  it('goes over all documents with their bytes and newest write, however many', () =>
    use(async (store) => {
      expect(await all(store.documents())).toEqual([]);
      const before = Date.now() - 1500;
      const ids = Array.from({ length: 60 }, (_, i) => `d${i}`);
      await Promise.all(ids.map((id) => store.put(`${id}/source`, Buffer.from('123'))));
      await store.put('d7/j1/text.txt', Buffer.from('1234'));
      const found = await all(store.documents());
      expect(found.map(({ id }) => id).sort()).toEqual([...ids].sort());
      expect(found.find(({ id }) => id === 'd7')?.bytes).toBe(7);
      for (const { modifiedAt } of found) {
        expect(modifiedAt.getTime()).toBeGreaterThan(before);
        expect(modifiedAt.getTime()).toBeLessThan(Date.now() + 1500);
      }
    }));

  it.each([
    '../x',
    'd1/../../x',
    '/etc/passwd',
    'd1',
    '',
    'd1/a\nb',
    'd1/.hidden',
    'd1//x',
    'd1/ü',
  ])('refuses the key %j', (key) =>
    use(async (store) => {
      const refused = 'expected a key inside the store';
      await expect(store.put(key, Buffer.from('x'))).rejects.toThrow(refused);
      await expect(store.get(key)).rejects.toThrow(refused);
      await expect(store.remove(key)).rejects.toThrow(refused);
      await expect(all(store.list(key))).rejects.toThrow(refused);
    }),
  );

  it('has one identity, which another store has not', () =>
    use(async (store, other) => {
      const [a, b] = await Promise.all([store.identity(), other.identity()]);
      expect(a).toBe(b);
      const elsewhere = place()();
      expect(await elsewhere.identity()).not.toBe(a);
      await elsewhere.close();
    }));
});

describe('FileStore', () => {
  it('leaves no temporary file and lets only the owner read', async () => {
    const folder = temporaryFolder();
    const store = new FileStore(folder);
    await store.put('d1/source', Buffer.from('x'));
    expect(readdirSync(`${folder}/d1`)).toEqual(['source']);
    expect(statSync(store.locate('d1/source')).mode & 0o777).toBe(0o600);
    expect(statSync(`${folder}/d1`).mode & 0o777).toBe(0o700);
  });

  it('counts and removes what a write that died left behind, but never lists it', async () => {
    const folder = temporaryFolder();
    const store = new FileStore(folder);
    await store.put('d1/source', Buffer.from('x'));
    writeFileSync(`${folder}/d1/.tmp-dead`, '12345');
    expect(await keysOf(store, 'd1/')).toEqual(['d1/source']);
    expect(await all(store.documents())).toMatchObject([{ id: 'd1', bytes: 6 }]);
    await store.remove('d1/');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('holds nothing in a folder that is not there yet', async () => {
    const store = new FileStore(`${temporaryFolder()}/later`);
    expect(await all(store.documents())).toEqual([]);
    expect(await keysOf(store, 'd1/')).toEqual([]);
  });

  it('tells whether it can be written to, and leaves nothing behind', async () => {
    const folder = temporaryFolder();
    await new FileStore(folder).requireWritable();
    await new FileStore(`${folder}/later`).requireWritable();
    expect(readdirSync(folder, { recursive: true })).toEqual(['later']);
    writeFileSync(`${folder}/file`, '');
    await expect(new FileStore(`${folder}/file`).requireWritable()).rejects.toMatchObject({
      code: 'unavailable',
      message: `store: can't write to ${folder}/file: expected a folder, got a file`,
    });
  });
});

describe('RedisStore', () => {
  const mb = (size: number): Buffer => Buffer.alloc(size * 1024 * 1024);

  it('refuses an object, and one more, that is too large, and counts what is removed', async () => {
    const store = new RedisStore(redis.url, redis.prefix(), limits);
    await expect(store.put('d1/source', mb(4.5))).rejects.toThrow(
      'expected at most 4 MB for an object in Redis, got 4.5 MB',
    );
    await store.put('d1/source', mb(3));
    await expect(store.put('d2/source', mb(3))).rejects.toThrow(
      'the Redis store is full: it holds 3.0 MB of 5 MB, 3.0 MB more do not fit',
    );
    await store.put('d1/source', mb(4));
    await store.remove('d1/');
    await store.put('d2/source', mb(4));
    await store.close();
  });

  it('drops documents that nobody has written to for long, and gives their room back', async () => {
    const prefix = redis.prefix();
    const expireHours = 0.2 / 3600;
    const store = new RedisStore(redis.url, prefix, { ...limits, expireHours });
    await store.put('d1/source', mb(4));
    await expect.poll(() => store.has('d1/source')).toBe(false);
    await store.put('d2/source', mb(4));
    await store.close();
  });

  it('connects again after an outage', async () => {
    const store = new RedisStore(redis.url, redis.prefix(), limits);
    await store.put('d1/source', Buffer.from('x'));
    await redis.client.call('CLIENT', 'KILL', 'TYPE', 'NORMAL', 'SKIPME', 'YES');
    await expect.poll(() => store.has('d1/source').catch(() => false)).toBe(true);
    await store.close();
  });

  it('tells what does not answer without its password', async () => {
    const store = new RedisStore('redis://user:hush@127.0.0.1:1', 'x', limits);
    const error = (await store.get('d1/source').catch((reason: unknown) => reason)) as Error;
    expect(error.message).toMatch(/^no answer from Redis at redis:\/\/127\.0\.0\.1:1: /);
    expect(error.message).not.toContain('hush');
  });
});

describe('S3Store', () => {
  it('asks for encryption with every write', async () => {
    const [first, second] = [s3.url(), s3.url()];
    const store = new S3Store(first, encryption, s3.environment());
    const withKey = { encryption: 'aws:kms' as const, kmsKeyId: 'key-1' };
    const kms = new S3Store(second, withKey, s3.environment());
    const before = s3.writes.length;
    await store.put('d1/source', Buffer.from('x'));
    await store.put('d1/j1/text.txt', Buffer.from('x'));
    await kms.put('d1/source', Buffer.from('x'));
    expect(s3.writes.slice(before)).toMatchObject([
      { encryption: 'AES256', key: undefined },
      { encryption: 'AES256', key: undefined },
      { encryption: 'aws:kms', key: 'key-1' },
    ]);
    await Promise.all([store.close(), kms.close()]);
  });

  it('says what is wrong in one line, without the secret', async () => {
    const wrong = { ...s3.environment(), accessKeyId: 'NOBODY', secretAccessKey: 'hush-hush' };
    const store = new S3Store(s3.url(), encryption, wrong);
    const error = (await store.get('d1/source').catch((reason: unknown) => reason)) as Error;
    expect(error.message).toMatch(/^S3 bucket documents: InvalidAccessKeyId: .+$/);
    expect(error.message).not.toContain('hush');
    await store.close();
    const nowhere = new S3Store('s3://nowhere', encryption, s3.environment());
    await expect(nowhere.get('d1/source')).rejects.toThrow('S3 bucket nowhere: NoSuchBucket');
    await nowhere.close();
    expect(() => new S3Store('s3://b', encryption, { ...wrong, accessKeyId: undefined })).toThrow(
      'expected both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, got one of them',
    );
  });
});
