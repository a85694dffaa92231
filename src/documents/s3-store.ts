import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import type { S3Environment } from '../config/environment.js';
import type { StoreSettings } from '../config/store-settings.js';
import { DswError } from '../errors.js';
import {
  missingObject,
  splitKey,
  type DocumentStore,
  type StoredDocument,
  type StoredObject,
} from './document-store.js';

const CONNECT_MS = 5000;
const SILENCE_MS = 30_000;
/** S3 removes so many objects in one request. */
const REMOVED_AT_ONCE = 1000;

type Found = StoredObject & { modifiedAt: Date };

/** Documents in a bucket of S3, or of a server that speaks its language. Writes ask for encryption. */
export class S3Store implements DocumentStore {
  readonly #client: S3Client;
  readonly #bucket: string;
  /** Starts every key in the bucket; empty or with a slash at its end. */
  readonly #stem: string;
  readonly #encryption: StoreSettings['s3'];

  /** @throws DswError `config` when the URL names no bucket, or the credentials are half there. */
  constructor(url: string, encryption: StoreSettings['s3'], environment: S3Environment) {
    const match = /^s3:\/\/([^/?#]+)\/?([^?#]*)$/.exec(url);
    if (!match) throw new DswError('config', 'store: expected s3://BUCKET or s3://BUCKET/PREFIX');
    const folder = (match[2] ?? '').replace(/\/+$/, '');
    this.#bucket = match[1] ?? '';
    this.#stem = folder === '' ? '' : `${folder}/`;
    this.#encryption = encryption;
    this.#client = new S3Client(clientConfig(environment));
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    const { encryption, kmsKeyId } = this.#encryption;
    const command = new PutObjectCommand({
      ...this.#place(key),
      Body: bytes,
      ContentType: 'application/octet-stream',
      ServerSideEncryption: encryption,
      ...(kmsKeyId === undefined ? {} : { SSEKMSKeyId: kmsKeyId }),
    });
    await this.#told(() => this.#client.send(command));
  }

  async get(key: string): Promise<Buffer> {
    return this.#told(async () => {
      const { Body } = await this.#client.send(new GetObjectCommand(this.#place(key)));
      if (!Body) throw missingObject(key);
      return Buffer.from(await Body.transformToByteArray());
    }, key);
  }

  async has(key: string): Promise<boolean> {
    try {
      await this.#told(() => this.#client.send(new HeadObjectCommand(this.#place(key))), key);
      return true;
    } catch (error) {
      if (error instanceof DswError && error.code === 'refused') return false;
      throw error;
    }
  }

  async *list(prefix: string): AsyncIterable<StoredObject> {
    splitKey(prefix);
    for await (const { key, bytes } of this.#find(prefix)) yield { key, bytes };
  }

  /** S3 lists by key, so all of a document comes in a row. */
  async *documents(): AsyncIterable<StoredDocument> {
    let current: StoredDocument | undefined;
    for await (const { key, bytes, modifiedAt } of this.#find('')) {
      const id = key.slice(0, key.indexOf('/'));
      if (id === '') continue;
      if (current?.id !== id) {
        if (current) yield current;
        current = { id, bytes: 0, modifiedAt };
      }
      current.bytes += bytes;
      if (modifiedAt > current.modifiedAt) current.modifiedAt = modifiedAt;
    }
    if (current) yield current;
  }

  async remove(prefix: string): Promise<number> {
    splitKey(prefix);
    let freed = 0;
    let batch: StoredObject[] = [];
    for await (const found of this.#find(prefix)) {
      batch.push(found);
      freed += found.bytes;
      if (batch.length < REMOVED_AT_ONCE) continue;
      await this.#removeAll(batch);
      batch = [];
    }
    if (batch.length > 0) await this.#removeAll(batch);
    return freed;
  }

  locate(key: string): string {
    return `s3://${this.#bucket}/${this.#place(key).Key}`;
  }

  identity(): Promise<string> {
    return Promise.resolve(`s3://${this.#bucket}/${this.#stem}`);
  }

  close(): Promise<void> {
    this.#client.destroy();
    return Promise.resolve();
  }

  #place(key: string): { Bucket: string; Key: string } {
    splitKey(key);
    return { Bucket: this.#bucket, Key: this.#stem + key };
  }

  async *#find(prefix: string): AsyncIterable<Found> {
    for (let token: string | undefined, more = true; more;) {
      const command = new ListObjectsV2Command({
        Bucket: this.#bucket,
        Prefix: this.#stem + prefix,
        ContinuationToken: token,
      });
      const page = await this.#told(() => this.#client.send(command));
      for (const { Key, Size, LastModified } of page.Contents ?? []) {
        const key = (Key ?? '').slice(this.#stem.length);
        yield { key, bytes: Size ?? 0, modifiedAt: LastModified ?? new Date() };
      }
      token = page.NextContinuationToken;
      more = page.IsTruncated === true && token !== undefined;
    }
  }

  async #removeAll(objects: readonly StoredObject[]): Promise<void> {
    const command = new DeleteObjectsCommand({
      Bucket: this.#bucket,
      Delete: { Objects: objects.map(({ key }) => ({ Key: this.#stem + key })), Quiet: true },
    });
    const { Errors = [] } = await this.#told(() => this.#client.send(command));
    const first = Errors[0];
    if (!first) return;
    throw new DswError(
      'unavailable',
      `S3 bucket ${this.#bucket} keeps ${Errors.length} of ${objects.length} objects that were to be removed: ${first.Code ?? ''} ${first.Message ?? ''}`.trim(),
    );
  }

  /** Runs a request; its failure is told in one line. @param key the object that it is about. */
  async #told<Answer>(request: () => Promise<Answer>, key?: string): Promise<Answer> {
    try {
      return await request();
    } catch (error) {
      if (error instanceof DswError) throw error;
      const { name, message } = error as Error;
      if (key !== undefined && (name === 'NoSuchKey' || name === 'NotFound')) {
        throw missingObject(key, error);
      }
      const reason = message && message !== name ? `${name}: ${message}` : name;
      throw new DswError('unavailable', `S3 bucket ${this.#bucket}: ${reason}`, {
        hint: 'Is AWS_ENDPOINT_URL_S3 right, and do AWS_ACCESS_KEY_ID and its secret allow reading and writing there?',
        cause: error,
      });
    }
  }
}

function clientConfig(environment: S3Environment): S3ClientConfig {
  const { endpoint, region, accessKeyId, secretAccessKey, sessionToken } = environment;
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) {
    throw new DswError(
      'config',
      'S3: expected both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, got one of them',
    );
  }
  return {
    region: region ?? 'us-east-1',
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: SILENCE_MS },
    // A server of one's own seldom has a host name for each bucket.
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(accessKeyId === undefined || secretAccessKey === undefined
      ? {}
      : {
          credentials: {
            accessKeyId,
            secretAccessKey,
            ...(sessionToken === undefined ? {} : { sessionToken }),
          },
        }),
  };
}
