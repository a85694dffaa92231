import type { WebhookSettings } from '../config/webhook-settings.js';
import { fetchProblem } from '../errors.js';
import type { Logger } from '../log.js';
import { backoffSeconds } from '../planning/backoff.js';
import type { JobTracing } from '../queues/job-tracing.js';
import type { WebhookCall, WebhookOutbox } from '../queues/webhook-outbox.js';
import { signWebhook } from '../queues/webhook-signature.js';

/** Calls made at once. */
const AT_ONCE = 10;
/** Beyond the time-out of a call: when its worker is gone, another makes it again after this. */
const LEASE_MARGIN_SECONDS = 10;
/** Answer of a receiver that wants to hear no more. */
const GONE = 410;

/** Tells those who asked for it that jobs are done or dead, at least once each. */
export class WebhookSender {
  readonly #outbox: WebhookOutbox;
  readonly #settings: WebhookSettings;
  readonly #log: Logger;
  readonly #tracing: JobTracing | undefined;
  readonly #ended = new AbortController();

  constructor(outbox: WebhookOutbox, settings: WebhookSettings, log: Logger, tracing?: JobTracing) {
    this.#outbox = outbox;
    this.#settings = settings;
    this.#log = log;
    this.#tracing = tracing;
  }

  /** Makes the calls that are due. Without a secret to sign by, none: another worker may have it. */
  async send(): Promise<void> {
    const { secret, timeoutSeconds } = this.#settings;
    if (secret === undefined || this.#ended.signal.aborted) return;
    const calls = await this.#outbox.take(AT_ONCE, timeoutSeconds + LEASE_MARGIN_SECONDS);
    await Promise.all(calls.map((call) => this.#make(call, secret)));
  }

  /** Cuts off calls under way: they are made again, here or elsewhere. */
  end(): void {
    this.#ended.abort();
  }

  async #make(call: WebhookCall, secret: string): Promise<void> {
    const { jobId: id, queue, task, trace, tries } = call;
    const span = this.#tracing?.calling({ id, queue, task }, trace, tries);
    const problem = await this.#post(call, secret);
    span?.end(problem?.reason);
    if (problem === undefined) {
      await this.#outbox.settle(call);
      return;
    }
    const { attempts, backoffSeconds: baseSeconds, maxBackoffSeconds: maxSeconds } = this.#settings;
    const what = `webhook of ${call.jobId}`;
    const fields = { job: call.jobId, queue: call.queue, attempt: call.tries };
    if (problem.final || call.tries >= attempts) {
      this.#log.error(`${what} is given up: ${problem.reason}`, fields);
      await this.#outbox.settle(call);
      return;
    }
    const seconds = this.#ended.signal.aborted
      ? 0
      : backoffSeconds(call.tries, { baseSeconds, maxSeconds }, Math.random());
    this.#log.warn(`${what} failed, again in ${seconds.toFixed(1)} s: ${problem.reason}`, fields);
    await this.#outbox.postpone(call, Date.now() + seconds * 1000);
  }

  /** @returns what went wrong, if anything. */
  async #post(
    call: WebhookCall,
    secret: string,
  ): Promise<{ reason: string; final: boolean } | undefined> {
    const body = JSON.stringify(messageOf(call));
    const id = `${call.jobId}-${call.finishedAt}`;
    const limit = AbortSignal.timeout(this.#settings.timeoutSeconds * 1000);
    try {
      const response = await fetch(call.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...signWebhook(id, body, secret, Date.now()),
        },
        body,
        // Whoever is told was named by the submitter, and nobody else.
        redirect: 'manual',
        signal: AbortSignal.any([limit, this.#ended.signal]),
      });
      await response.body?.cancel();
      if (response.ok) return undefined;
      return { reason: `answered ${response.status}`, final: response.status === GONE };
    } catch (error) {
      return { reason: limit.aborted ? 'no answer in time' : fetchProblem(error), final: false };
    }
  }
}

/** What is sent: what a client's `status` says, free of document content. */
function messageOf({ jobId, queue, task, documentId, state, ...rest }: WebhookCall): object {
  const { result, reason, finishedAt } = rest;
  const type = state === 'done' ? 'job.done' : 'job.dead';
  const data = { jobId, queue, task, documentId, state, result, reason };
  return { type, timestamp: new Date(finishedAt).toISOString(), data };
}
