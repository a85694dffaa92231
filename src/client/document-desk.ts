import { setTimeout as delay } from 'node:timers/promises';
import { documentKeys, type DocumentStore } from '../documents/document-store.js';
import { openDocumentStore, type StoreOptions } from '../documents/open-store.js';
import { DswError } from '../errors.js';
import type { QueueName } from '../planning/queue-names.js';
import { closeRedis, connectRedis, type Redis } from '../queues/connection.js';
import { JobActions } from '../queues/job-actions.js';
import { JobInspector } from '../queues/job-inspector.js';
import { documentIdOf } from '../queues/job-payload.js';
import { noSuchJob, queueOf, readJob } from '../queues/job-lookup.js';
import type { JobRecord } from '../queues/job-record.js';
import { Keyspace } from '../queues/keyspace.js';
import { QueueSet } from '../queues/queue-set.js';

/** Traces of a document, or how many of each kind there were. */
export interface Traces {
  objects: number;
  bytes: number;
  jobs: number;
  events: number;
}

export interface Forgotten {
  documentId: string | undefined;
  jobIds: string[];
  erased: Traces;
  /** What a second look found; all zero when nothing is left. */
  left: Traces;
}

const LOOK_AGAIN_MS = 300;
/** A running job whose worker is lost goes to another first: a lease and a look take so long. */
const GIVE_UP_MS = 120_000;

/** Where operators read what became of documents, and have them forgotten. */
export class DocumentDesk {
  readonly documents: DocumentStore;
  readonly #redis: Redis;
  readonly #keyspace: Keyspace;
  readonly #queueSet: QueueSet;
  readonly #actions: JobActions;
  readonly #inspector: JobInspector;

  private constructor(redis: Redis, prefix: string, documents: DocumentStore) {
    const keyspace = new Keyspace(prefix);
    this.#keyspace = keyspace;
    this.documents = documents;
    this.#redis = redis;
    this.#queueSet = new QueueSet(redis, keyspace);
    this.#actions = new JobActions(redis, keyspace, this.#queueSet);
    this.#inspector = new JobInspector(redis, keyspace);
  }

  /** @throws DswError `unavailable` when Redis does not answer. */
  static async open(redisUrl: string, prefix: string, store: StoreOptions): Promise<DocumentDesk> {
    const redis = await connectRedis(redisUrl, { name: 'dsw-documents', manner: 'brisk' });
    return new DocumentDesk(redis, prefix, await openDocumentStore(store));
  }

  /** @throws DswError `failed` when there is no such job. */
  async job(id: string): Promise<JobRecord> {
    const queue = await this.#queueOf(id);
    const record = queue && (await readJob(this.#redis, this.#keyspace, queue, id));
    if (record) return record;
    throw noSuchJob(id);
  }

  /**
   * Erases a document with everything on it: source, results, checkpoints, and all its jobs with
   * their records, events and poison entries. A running job is cancelled first and waited for.
   * Measured samples carry no name of a job or document, so none of them is of this one.
   * @param id a document's id, or that of one of its jobs.
   * @throws DswError `failed` when there is nothing of that name, or a job does not end.
   */
  async forget(id: string): Promise<Forgotten> {
    const isJob = (await this.#queueOf(id)) !== undefined;
    if (!isJob && !/^\w+$/.test(id)) throw noSuchThing(id);
    const documentId = isJob ? documentIdOf((await this.job(id)).input) : id;
    const jobIds = new Set(isJob ? [id] : []);
    const before = documentId === undefined ? noTraces() : await this.#stored(documentId);
    if (documentId !== undefined) await this.#inspector.announceRemoval([documentId]);
    const deadline = Date.now() + GIVE_UP_MS;
    for (;;) {
      for (const job of documentId === undefined ? [] : await this.#jobsOn(documentId))
        jobIds.add(job);
      const alive = await this.#eraseJobs(jobIds);
      if (alive.length === 0) break;
      if (Date.now() > deadline)
        throw new DswError('failed', `${alive.join(', ')} still runs; nothing of it was erased`);
      await delay(LOOK_AGAIN_MS);
    }
    if (before.objects + jobIds.size === 0) throw noSuchThing(id);
    if (documentId !== undefined) await this.documents.remove(documentKeys.all(documentId));
    const events = await this.#actions.eraseEvents(jobIds);
    const erased = { ...before, jobs: jobIds.size, events };
    return { documentId, jobIds: [...jobIds], erased, left: await this.#look(documentId, jobIds) };
  }

  async close(): Promise<void> {
    await this.#inspector.close();
    await this.#queueSet.close();
    await this.documents.close();
    await closeRedis(this.#redis);
  }

  /** @returns those that could not be erased yet: they run. */
  async #eraseJobs(ids: ReadonlySet<string>): Promise<string[]> {
    const alive: string[] = [];
    for (const id of ids) {
      const queue = await this.#queueOf(id);
      if (queue === undefined) continue;
      await this.#actions.cancel(queue, id, 'forgotten');
      if ((await this.#actions.erase(queue, id)) === 'running') alive.push(id);
    }
    return alive;
  }

  #queueOf(id: string): Promise<QueueName | undefined> {
    return queueOf(this.#redis, this.#keyspace, id);
  }

  async #jobsOn(documentId: string): Promise<string[]> {
    const found: string[] = [];
    for await (const reference of this.#inspector.references('all')) {
      if (reference.documentId === documentId) found.push(reference.jobId);
    }
    return found;
  }

  async #look(documentId: string | undefined, jobIds: ReadonlySet<string>): Promise<Traces> {
    const queues = await Promise.all([...jobIds].map((id) => this.#queueOf(id)));
    const others = documentId === undefined ? [] : await this.#jobsOn(documentId);
    const stored = documentId === undefined ? noTraces() : await this.#stored(documentId);
    const recorded = queues.filter((queue) => queue !== undefined).length;
    const events = await this.#actions.eraseEvents(jobIds);
    return { ...stored, jobs: Math.max(recorded, others.length), events };
  }

  async #stored(documentId: string): Promise<Traces> {
    const traces = noTraces();
    for await (const { bytes } of this.documents.list(documentKeys.all(documentId))) {
      traces.objects += 1;
      traces.bytes += bytes;
    }
    return traces;
  }
}

function noSuchThing(id: string): DswError {
  return new DswError('failed', `no job or document ${id}`);
}

function noTraces(): Traces {
  return { objects: 0, bytes: 0, jobs: 0, events: 0 };
}
