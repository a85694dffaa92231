import { createHash } from 'node:crypto';
import type { DocumentLimits } from '../config/document-settings.js';
import { DswError } from '../errors.js';
import { documentKeys, type DocumentStore } from '../documents/document-store.js';
import { checkSize, inspectDocument } from '../documents/inspect-document.js';
import { openDocumentStore, type StoreOptions } from '../documents/open-store.js';
import { QUEUE_NAMES, type QueueName } from '../planning/queue-names.js';
import { closeRedis, connectRedis, type Redis } from '../queues/connection.js';
import { idOfKey, newId } from '../queues/job-id.js';
import { documentIdOf } from '../queues/job-payload.js';
import { readJob } from '../queues/job-lookup.js';
import type { JobRecord } from '../queues/job-record.js';
import { JobWatch, type JobEvent } from '../queues/job-watch.js';
import { Keyspace } from '../queues/keyspace.js';
import { onOneLine } from './read-source.js';
import { QueueSet, type NewJob } from '../queues/queue-set.js';
import type { Telemetry } from '../queues/telemetry.js';
import { languageTag } from '../tasks/translate/languages.js';

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

export interface SubmitOptions {
  queue: QueueName;
  task: string;
  /** Languages of the text, such as "eng" or "eng+deu". */
  languages: string;
  /** Language to translate the text into, for the task `ocr`. */
  translateTo?: string;
  /** Whether its pages are read in several slots at once, for the task `ocr`. */
  splitPages?: boolean;
  /** What else the task is told. */
  input?: Record<string, unknown>;
  /**
   * Idempotency key, for one document: submitted again under it, it is the same job, as long as the
   * job's record is kept.
   */
  key?: string;
  /** The job is not to run before. */
  delaySeconds?: number;
  /** Place within its queue: 0 (default) goes first, then 1, 2, … */
  priority?: number;
  /** Address to tell when the job is done or dead. */
  webhook?: string;
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
    const documents = given.map(({ name, bytes }) => ({ name: onOneLine(name), bytes }));
    const { queue, task, languages, translateTo, splitPages } = options;
    const { key, delaySeconds, priority, webhook } = options;
    if (translateTo !== undefined) checkTranslation(task, translateTo);
    if (splitPages && task !== 'ocr')
      throw new DswError('usage', `pages are split with the task "ocr", got "${task}"`);
    if (webhook !== undefined) checkWebhook(webhook);
    if (key !== undefined && documents.length !== 1)
      throw new DswError('usage', `key: expected one document, got ${documents.length}`);
    for (const { bytes, name } of documents) {
      // What other tasks can read, they know themselves.
      if (task === 'ocr') await inspectDocument(bytes, name, this.limits);
      else checkSize(bytes, name, this.limits);
    }
    const store = await this.documents.identity();
    const stored = await Promise.all(
      documents.map(async ({ name, bytes }) => {
        const documentId = newId('d');
        await this.documents.put(documentKeys.source(documentId), bytes);
        const contentHash = createHash('sha256').update(bytes).digest('hex');
        return { name, documentId, contentHash };
      }),
    );
    const jobIds = await this.#enqueue(
      stored.map(({ name, documentId, contentHash }) => ({
        queue,
        task,
        input: {
          documentId,
          languages,
          ...(translateTo === undefined ? {} : { translateTo }),
          ...(splitPages === undefined ? {} : { splitPages }),
          ...options.input,
        },
        label: name,
        contentHash,
        store,
        attempts: this.#attempts,
        ...(key === undefined ? {} : { id: idOfKey(key) }),
        ...(delaySeconds === undefined ? {} : { delaySeconds }),
        ...(priority === undefined ? {} : { priority }),
        ...(webhook === undefined ? {} : { webhook }),
      })),
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

  /** Documents whose jobs are refused are not kept. */
  async #enqueue(jobs: readonly NewJob[], documentIds: readonly string[]): Promise<string[]> {
    try {
      return await this.#queueSet.enqueue(jobs, this.#maxWaiting);
    } catch (error) {
      // After any other error the jobs may be there.
      if (error instanceof DswError)
        await Promise.all(documentIds.map((id) => this.documents.remove(documentKeys.all(id))));
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

/** @throws DswError when the language is none, or the task does not translate. */
function checkTranslation(task: string, language: string): void {
  languageTag(language);
  if (task !== 'ocr')
    throw new DswError('usage', `a translation goes with the task "ocr", got "${task}"`);
}

/** @throws DswError when it is no address that can be told. */
function checkWebhook(url: string): void {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return;
  throw new DswError('usage', `webhook: expected an http:// or https:// address, got "${url}"`);
}
