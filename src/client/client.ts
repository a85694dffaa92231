import { createHash } from 'node:crypto';
import type { DocumentLimits } from '../config/document-settings.js';
import { DswError } from '../errors.js';
import { documentKeys, type DocumentStore } from '../documents/document-store.js';
import { checkSize, inspectDocument } from '../documents/inspect-document.js';
import { openDocumentStore, type StoreOptions } from '../documents/open-store.js';
import { QUEUE_NAMES, type QueueName } from '../planning/queue-names.js';
import { closeRedis, connectRedis, type Redis } from '../queues/connection.js';
import { newId } from '../queues/job-id.js';
import { documentIdOf } from '../queues/job-payload.js';
import { readJob } from '../queues/job-lookup.js';
import type { JobRecord } from '../queues/job-record.js';
import { JobWatch, type JobEvent } from '../queues/job-watch.js';
import { Keyspace } from '../queues/keyspace.js';
import { QueueSet, type NewJob } from '../queues/queue-set.js';
import type { Telemetry } from '../queues/telemetry.js';
import { oneLine } from '../shown-text.js';
import { checkOptions, jobOf, type StoredDocument } from './new-jobs.js';
import type { Submission, SubmitOptions } from './submission.js';

export interface ClientOptions {
  redisUrl: string;
  prefix: string;
  store: StoreOptions;
  /** Tries of each job before it is a dead letter. */
  attempts: number;
  /** A queue that holds so many waiting jobs takes no more. */
  maxWaiting: number | undefined;
  /** What a document may have. */
  limits: DocumentLimits;
  /** Told of what is submitted; default: nobody is. */
  telemetry?: Telemetry | undefined;
}

export interface NewDocument {
  /** What to call it in messages and on screens. */
  name: string;
  bytes: Buffer;
}

/** What an application uses to hand documents to the workers and follow them. */
export class DswClient {
  readonly documents: DocumentStore;
  /** What a document may have. */
  readonly limits: DocumentLimits;
  readonly #redis: Redis;
  readonly #keyspace: Keyspace;
  readonly #queueSet: QueueSet;
  readonly #attempts: number;
  readonly #maxWaiting: number | undefined;

  private constructor(
    redis: Redis,
    documents: DocumentStore,
    { prefix, attempts, maxWaiting, limits, telemetry }: ClientOptions,
  ) {
    this.documents = documents;
    this.#redis = redis;
    this.#keyspace = new Keyspace(prefix);
    this.#queueSet = new QueueSet(redis, this.#keyspace, telemetry);
    this.#attempts = attempts;
    this.#maxWaiting = maxWaiting;
    this.limits = limits;
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
  async submit(given: readonly NewDocument[], options: SubmitOptions): Promise<Submission[]> {
    const documents = given.map(({ name, bytes }) => ({ name: oneLine(name), bytes }));
    const { queue, task, key } = options;
    checkOptions(options, documents.length);
    for (const { bytes, name } of documents) {
      // What other tasks can read, they know themselves.
      if (task === 'ocr') await inspectDocument(bytes, name, this.limits);
      else checkSize(bytes, name, this.limits);
    }
    const store = await this.documents.identity();
    const stored = await this.#storeAll(documents);
    const jobs = stored.map((document) => jobOf(document, options, store, this.#attempts));
    const jobIds = await this.#enqueue(
      jobs,
      stored.map(({ documentId }) => documentId),
    );
    if (key !== undefined) return [await this.#firstUnderKey(stored[0], jobIds[0] ?? '', queue)];
    return stored.map(({ name, documentId }, i) => ({
      name,
      documentId,
      jobId: jobIds[i] ?? '',
      queue,
    }));
  }

  /** Stores all, or none: on a full disk, what is left behind would keep it full. */
  async #storeAll(documents: readonly NewDocument[]): Promise<StoredDocument[]> {
    const ids = documents.map(() => newId('d'));
    const puts = await Promise.allSettled(
      documents.map(({ bytes }, i) => this.documents.put(documentKeys.source(ids[i] ?? ''), bytes)),
    );
    const failure = puts.find((put) => put.status === 'rejected');
    if (failure) {
      await this.#removeAll(ids);
      throw failure.reason;
    }
    return documents.map(({ name, bytes }, i) => {
      const contentHash = createHash('sha256').update(bytes).digest('hex');
      return { name, documentId: ids[i] ?? '', contentHash };
    });
  }

  async #removeAll(ids: readonly string[]): Promise<void> {
    await Promise.all(ids.map((id) => this.documents.remove(documentKeys.all(id))));
  }

  /** Documents whose jobs are refused are not kept. */
  async #enqueue(jobs: readonly NewJob[], documentIds: readonly string[]): Promise<string[]> {
    try {
      return await this.#queueSet.enqueue(jobs, this.#maxWaiting);
    } catch (error) {
      // After any other error the jobs may be there.
      if (error instanceof DswError) await this.#removeAll(documentIds);
      throw error;
    }
  }

  /** What the key's job is about: this document, or the one that was there before, in any queue. */
  async #firstUnderKey(
    stored: { name: string; documentId: string } | undefined,
    jobId: string,
    queue: QueueName,
  ): Promise<Submission> {
    const records = await Promise.all(QUEUE_NAMES.map((name) => this.job(name, jobId)));
    const record = records.find((found) => found !== undefined);
    const own = stored?.documentId ?? '';
    const documentId = documentIdOf(record?.input) ?? own;
    if (documentId !== own) await this.documents.remove(documentKeys.all(own));
    const name = record?.label ?? stored?.name ?? '';
    return { name, documentId, jobId, queue: record?.queue ?? queue };
  }

  /** Follows the jobs of a queue; open it before submitting to miss nothing. */
  watch(queue: QueueName, listener: (event: JobEvent) => void): Promise<JobWatch> {
    return JobWatch.open(this.#redis, this.#keyspace, queue, listener);
  }

  /** The record of a job, or undefined when there is none. */
  job(queue: QueueName, id: string): Promise<JobRecord | undefined> {
    return readJob(this.#redis, this.#keyspace, queue, id);
  }

  async close(): Promise<void> {
    await this.#queueSet.close();
    await this.documents.close();
    await closeRedis(this.#redis);
  }
}
