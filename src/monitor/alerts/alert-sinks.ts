import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Settings } from '../../config/settings.js';
import { fetchProblem, messageOf } from '../../errors.js';
import type { Logger } from '../../log.js';
import { describeAlert } from '../../planning/alert-message.js';
import type { AlertState } from '../../planning/alerts.js';
import { backoffSeconds } from '../../planning/backoff.js';
import type { AlertOutbox } from '../../queues/alert-outbox.js';
import { signWebhook } from '../../queues/webhook-signature.js';
import { ALERT_SINKS, type AlertSink } from '../../queues/keyspace.js';

/** What is sent of an alert. */
export interface AlertMessage {
  version: 1;
  /** The same whenever this message comes, which may be twice. */
  id: string;
  name: string;
  state: 'firing' | 'resolved';
  severity: 'error' | 'warning';
  metric: string;
  value: number | undefined;
  threshold: number;
  forSeconds: number;
  message: string;
  action: string;
  /** The system it is about. */
  prefix: string;
  at: string;
}

/** A message that could not be delivered for so long is news no more. */
const KEPT_SECONDS = 86_400;
const RETRY = { baseSeconds: 1, maxSeconds: 60 };

export function alertMessage(alert: AlertState, prefix: string, at: number): AlertMessage {
  const { rule, value, action, seconds, change } = alert;
  return {
    version: 1,
    id: `${rule.name}-${at}`,
    name: rule.name,
    state: change === 'resolved' ? 'resolved' : 'firing',
    severity: rule.severity,
    metric: rule.metric,
    value,
    threshold: rule.value,
    forSeconds: Math.round(seconds),
    message: describeAlert(alert),
    action,
    prefix,
    at: new Date(at).toISOString(),
  };
}

/**
 * Delivers messages from the outbox to a webhook and a command, where the settings name them: each at
 * least once, one after the other, so that "resolved" never overtakes "firing".
 */
export class AlertSinks {
  readonly #settings: Settings['alerts'];
  readonly #secret: string | undefined;
  readonly #outbox: AlertOutbox;
  readonly #log: Logger;
  /** No more tries. */
  readonly #ended = new AbortController();
  /** Ends a try under way. */
  readonly #cut = new AbortController();
  readonly #underWay = new Map<AlertSink, Promise<void>>();

  /** @param secret signs what the webhook is sent; without one, it goes unsigned. */
  constructor(
    settings: Settings['alerts'],
    secret: string | undefined,
    outbox: AlertOutbox,
    log: Logger,
  ) {
    this.#settings = settings;
    this.#secret = secret;
    this.#outbox = outbox;
    this.#log = log;
  }

  /** Those that the settings name. */
  get names(): AlertSink[] {
    return ALERT_SINKS.filter((sink) => this.#settings[sink] !== undefined);
  }

  /** Delivers what is in the outbox. Returns at once; what fails is tried again until it is too old. */
  flush(): void {
    for (const sink of this.names) {
      if (this.#underWay.has(sink)) continue;
      const done = this.#empty(sink)
        .catch((error: unknown) => this.#log.warn(`the alert's ${sink} waits: ${messageOf(error)}`))
        .finally(() => this.#underWay.delete(sink));
      this.#underWay.set(sink, done);
    }
  }

  /** Gives what is under way a moment. What is not delivered then is left to the next watcher. */
  async stop(patienceMs = 3000): Promise<void> {
    this.#ended.abort();
    const timer = setTimeout(() => this.#cut.abort(), patienceMs);
    await Promise.all(this.#underWay.values());
    clearTimeout(timer);
  }

  async #empty(sink: AlertSink): Promise<void> {
    for (let failed = 0; !this.#ended.signal.aborted;) {
      const text = await this.#outbox.first(sink);
      if (text === undefined) return;
      const problem = await this.#deliver(sink, JSON.parse(text) as AlertMessage);
      if (problem === undefined) {
        await this.#outbox.settle(sink, text);
        failed = 0;
        continue;
      }
      failed += 1;
      const seconds = backoffSeconds(failed, RETRY, 0.5 + Math.random() / 2);
      if (await this.#isGivenUp(sink, text, problem)) failed = 0;
      else await delay(seconds * 1000, undefined, this.#ended).catch(() => undefined);
    }
  }

  /** @returns what went wrong, if anything. */
  async #deliver(sink: AlertSink, message: AlertMessage): Promise<string | undefined> {
    const { webhook, command } = this.#settings;
    try {
      if (sink === 'webhook' && webhook) await this.#post(webhook, message);
      if (sink === 'command' && command) await runAlertCommand(command, message, this.#cut.signal);
      return undefined;
    } catch (error) {
      return fetchProblem(error);
    }
  }

  async #post(
    { url, timeoutSeconds }: NonNullable<Settings['alerts']['webhook']>,
    message: AlertMessage,
  ): Promise<void> {
    const [body, secret] = [JSON.stringify(message), this.#secret];
    const signed = secret === undefined ? {} : signWebhook(message.id, body, secret, Date.now());
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signed },
      body,
      signal: AbortSignal.any([this.#cut.signal, AbortSignal.timeout(timeoutSeconds * 1000)]),
    });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`answer ${response.status}`);
  }

  async #isGivenUp(sink: AlertSink, text: string, problem: string): Promise<boolean> {
    const { name, at } = JSON.parse(text) as AlertMessage;
    const isOld = Date.now() - Date.parse(at) > KEPT_SECONDS * 1000;
    const next = isOld ? 'given up' : 'tried again';
    this.#log[isOld ? 'error' : 'warn'](`the alert's ${sink} failed, it is ${next}: ${problem}`, {
      alert: name,
    });
    if (isOld) await this.#outbox.settle(sink, text);
    return isOld;
  }
}

async function runAlertCommand(
  { run, timeoutSeconds }: NonNullable<Settings['alerts']['command']>,
  message: AlertMessage,
  cut: AbortSignal,
): Promise<void> {
  const [program = '', ...args] = run;
  const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'inherit'], detached: true });
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(message));
  const limit = AbortSignal.any([cut, AbortSignal.timeout(timeoutSeconds * 1000)]);
  limit.addEventListener('abort', () => endGroup(child), { once: true });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (limit.aborted) throw new Error(`${program} had not ended after ${timeoutSeconds} s`);
  if (code !== 0) throw new Error(`${program} ended with ${signal ?? `exit code ${code ?? 0}`}`);
}

/** Ends a command with all that it has started: left behind, they would pile up with each try. */
function endGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended in this very moment.
  }
}
