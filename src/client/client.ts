import { createHash } from 'node:crypto';
import { documentKeys, type DocumentStore } from '../documents/document-store.js';
import { inspectImage } from '../documents/image-format.js';
import { openDocumentStore, type StoreOptions } from '../documents/open-store.js';
import type { QueueName } from '../planning/queue-names.js';
import { connectRedis, type Redis } from '../queues/connection.js';
import { newId } from '../queues/job-id.js';
import { readJob, type JobRecord } from '../queues/job-records.js';
import { JobWatch, type JobEvent } from '../queues/job-watch.js';
import { Keyspace } from '../queues/keyspace.js';
import { QueueSet } from '../queues/queue-set.js';

export interface ClientOptions {
  redisUrl: string;
  prefix: string;
  store: StoreOptions;
  /** Tries of each job before it is a dead letter. */
  attempts: number;
}

export interface NewDocument {
  /** What to call it in messages and on screens. */
  name: string;
  bytes: Buffer;
}

export interface SubmitOptions {
  queue: QueueName;
  task: string;
  /** Languages of the text, such as "eng" or "eng+deu". */
  languages: string;
}

export interface Submission {
  name: string;
  jobId: string;
  documentId: string;
  queue: QueueName;
}

/** What an application uses to hand documents to the workers and follow them. */
export class DswClient {
  readonly documents: DocumentStore;
  readonly #redis: Redis;
  readonly #keyspace: Keyspace;
  readonly #queueSet: QueueSet;
  readonly #attempts: number;

  private constructor(redis: Redis, documents: DocumentStore, { prefix, attempts }: ClientOptions) {
    this.documents = documents;
    this.#redis = redis;
    this.#keyspace = new Keyspace(prefix);
    this.#queueSet = new QueueSet(redis, this.#keyspace);
    this.#attempts = attempts;
  }

  /** @throws DswError `unavailable` when Redis does not answer. */
  static async connect(options: ClientOptions): Promise<DswClient> {
    const redis = await connectRedis(options.redisUrl, { name: 'dsw-client', manner: 'brisk' });
    return new DswClient(redis, await openDocumentStore(options.store), options);
  }

  /**
   * Stores documents and enqueues a job for each.
   * @throws DswError `refused` naming the first unusable document; then none is submitted.
   */
  async submit(documents: readonly NewDocument[], options: SubmitOptions): Promise<Submission[]> {
    for (const { bytes, name } of documents) inspectImage(bytes, name);
    const stored = await Promise.all(
      documents.map(async ({ name, bytes }) => {
        const documentId = newId('d');
        await this.documents.put(documentKeys.source(documentId), bytes);
        const contentHash = createHash('sha256').update(bytes).digest('hex');
        return { name, documentId, contentHash };
      }),
    );
    const { queue, task, languages } = options;
    const jobIds = await this.#queueSet.enqueue(
      stored.map(({ name, documentId, contentHash }) => ({
        queue,
        task,
        input: { documentId, languages },
        label: name,
        contentHash,
        attempts: this.#attempts,
      })),
    );
    return stored.map(({ name, documentId }, i) => ({
      name,
      documentId,
      jobId: jobIds[i] ?? '',
      queue,
    }));
  }

  /** Follows the jobs of a queue; open it before submitting to miss nothing. */
  watch(queue: QueueName, listener: (event: JobEvent) => void): Promise<JobWatch> {
    return JobWatch.open(this.#redis, this.#keyspace, queue, listener);
  }

  /** The record of a job, or undefined when there is none. */
  job(queue: QueueName, id: string): Promise<JobRecord | undefined> {
    return readJob(this.#queueSet, queue, id);
  }

  async close(): Promise<void> {
    await this.#queueSet.close();
    await this.documents.close();
    this.#redis.disconnect();
  }
}
