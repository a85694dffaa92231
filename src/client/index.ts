import { basename } from 'node:path';
import { loadSettings, requireRedisUrl } from '../config/load-settings.js';
import { storeOptions } from '../documents/open-store.js';
import { DswError } from '../errors.js';
import type { DswClient } from './client.js';
import type { JobDesk } from './job-desk.js';
import type { Telemetry } from '../queues/telemetry.js';
import { readSource, type DocumentSource } from './read-source.js';
import type { JobStatus, Submission, SubmitOptions as Complete } from './submission.js';
import { textKeyOf, translationOf } from './result-keys.js';

export { verifyWebhook } from '../queues/webhook-signature.js';
export { DswError };
export type { DocumentSource, JobStatus, Submission, Telemetry };

export interface CreateClientOptions {
  /** Default: REDIS_URL, dsw.yaml, or the private Redis of a "dsw up" in the working folder. */
  redisUrl?: string;
  /** Namespace of the keys in Redis. */
  prefix?: string;
  /** `file:FOLDER`, `redis:` or `s3://BUCKET/PREFIX`: the store that the workers use. */
  store?: string;
  /**
   * BullMQ's telemetry interface, such as `new BullMQOtel({ tracerName: 'intake' })`: each job then
   * carries the trace that it was submitted in, and workers continue it.
   */
  telemetry?: Telemetry;
}

/** What is not said of a document is "default", "ocr" and "eng". */
export interface SubmitOptions extends Partial<Complete> {
  /** What people call the document; default: the file's name. */
  name?: string;
}

export interface JobResult {
  /** What the task returned. */
  result: unknown;
  text: string | undefined;
  /** When one was asked for. */
  translation: string | undefined;
}

export interface WaitOptions {
  /** Give up after so long; default: never. */
  timeoutSeconds?: number;
  signal?: AbortSignal;
}

const LOOK_AGAIN_MS = 500;

/** Creates a client. It connects when first used; `close` it when done. */
export function createClient(options: CreateClientOptions = {}): Client {
  return new Client(options);
}

/** Hands documents to the workers of a dsw system, and says what became of them. */
export class Client {
  readonly #options: CreateClientOptions;
  #opened: Promise<{ client: DswClient; desk: JobDesk }> | undefined;

  constructor(options: CreateClientOptions) {
    this.#options = options;
  }

  /**
   * Stores a document and enqueues a job for it.
   * @throws DswError `refused` for a document that can't be read, `unavailable` when Redis does not
   * answer or the queue is full.
   */
  async submit(source: DocumentSource, options: SubmitOptions = {}): Promise<Submission> {
    const { client } = await this.#open();
    const { queue = 'default', task = 'ocr', languages = 'eng', ...rest } = options;
    const name = rest.name ?? (typeof source === 'string' ? basename(source) : 'document');
    const bytes = await readSource(source, name, client.limits.maxBytes);
    const complete = { queue, task, languages, ...rest };
    const [submission] = await client.submit([{ name, bytes }], complete);
    if (!submission) throw new DswError('failed', `${name}: nothing was submitted`);
    return submission;
  }

  /** What is on record of a job; undefined when there is none. */
  async status(jobId: string): Promise<JobStatus | undefined> {
    const { desk } = await this.#open();
    const job = await desk.show(jobId);
    if (!job) return undefined;
    const { id, queue, task, state, progress, attemptsMade } = job;
    const { enqueuedAt, finishedAt, result, reason } = job;
    const times = { enqueuedAt, finishedAt };
    return { id, queue, task, state, progress, attemptsMade, ...times, result, reason };
  }

  /**
   * What the task of a job that is done returned, and the texts that it left in the store.
   * @throws DswError `failed` when it is not done.
   */
  async result(jobId: string): Promise<JobResult> {
    const { client } = await this.#open();
    const job = await this.status(jobId);
    if (job?.state !== 'done')
      throw new DswError('failed', `no result: job ${jobId} is ${job?.state ?? 'unknown'}`);
    const { result } = job;
    const read = async (key: string | undefined): Promise<string | undefined> =>
      key === undefined ? undefined : (await client.documents.get(key)).toString('utf8');
    const text = await read(textKeyOf(result));
    const translation = await read(textKeyOf(translationOf(result)));
    return { result, text, translation };
  }

  /**
   * Waits until a job is done or a dead letter.
   * @throws DswError `failed` when there is no such job, `unavailable` when the time is up.
   */
  async wait(jobId: string, { timeoutSeconds, signal }: WaitOptions = {}): Promise<JobStatus> {
    const deadline = timeoutSeconds === undefined ? Infinity : Date.now() + timeoutSeconds * 1000;
    for (;;) {
      signal?.throwIfAborted();
      const job = await this.status(jobId);
      if (!job) throw new DswError('failed', `no job ${jobId}`);
      if (job.state === 'done' || job.state === 'dead') return job;
      if (Date.now() >= deadline)
        throw new DswError('unavailable', `job ${jobId} is still ${job.state}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }

  /** Makes a dead letter of a job; one that runs is ended within seconds. @returns whether it could. */
  async cancel(jobId: string): Promise<boolean> {
    const { desk } = await this.#open();
    const outcome = await desk.act(jobId, { kind: 'cancel' });
    return outcome === 'applied' || outcome === 'told its worker';
  }

  /** Lets go of all connections. */
  async close(): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined);
    this.#opened = undefined;
    await Promise.all([opened?.client.close(), opened?.desk.close()]);
  }

  #open(): Promise<{ client: DswClient; desk: JobDesk }> {
    this.#opened ??= this.#connect().catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }

  async #connect(): Promise<{ client: DswClient; desk: JobDesk }> {
    const { redisUrl: redis, prefix, store, telemetry } = this.#options;
    const given = {
      ...(redis === undefined ? {} : { redis }),
      ...(prefix === undefined ? {} : { prefix }),
      ...(store === undefined ? {} : { store }),
    };
    const settings = loadSettings(given, undefined, ([name]) => `createClient: ${String(name)}`);
    const redisUrl = requireRedisUrl(settings);
    const { attempts, maxWaiting } = settings.jobs;
    const { DswClient } = await import('./client.js');
    const { JobDesk } = await import('./job-desk.js');
    const client = await DswClient.connect({
      redisUrl,
      prefix: settings.prefix,
      store: storeOptions(settings, redisUrl),
      attempts,
      maxWaiting,
      limits: settings.limits,
      telemetry,
    });
    return { client, desk: await JobDesk.open(redisUrl, settings.prefix) };
  }
}
