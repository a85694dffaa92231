import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Settings } from '../../config/settings.js';
import type { Logger } from '../../log.js';
import { describeAlert } from '../../planning/alert-message.js';
import type { AlertState } from '../../planning/alerts.js';
import { backoffSeconds } from '../../planning/backoff.js';

/** What is sent of an alert. */
export interface AlertMessage {
  version: 1;
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

const TRIES = 5;
const RETRY = { baseSeconds: 1, maxSeconds: 30 };

export function alertMessage(alert: AlertState, prefix: string, at: number): AlertMessage {
  const { rule, value, seconds, change } = alert;
  return {
    version: 1,
    name: rule.name,
    state: change === 'resolved' ? 'resolved' : 'firing',
    severity: rule.severity,
    metric: rule.metric,
    value,
    threshold: rule.value,
    forSeconds: Math.round(seconds),
    message: describeAlert(alert),
    action: rule.action,
    prefix,
    at: new Date(at).toISOString(),
  };
}

/** Sends messages to the log, and to a webhook and a command where the settings name them. */
export class AlertSinks {
  readonly #settings: Settings['alerts'];
  readonly #log: Logger;
  readonly #ended = new AbortController();
  /** One message after the other, so that "resolved" never overtakes "firing". */
  #queue: Promise<void> = Promise.resolve();

  constructor(settings: Settings['alerts'], log: Logger) {
    this.#settings = settings;
    this.#log = log;
  }

  /** Returns at once; what can't be delivered after several tries is logged. */
  send(message: AlertMessage): void {
    const level =
      message.state === 'resolved' ? 'info' : message.severity === 'error' ? 'error' : 'warn';
    this.#log[level](message.message, { alert: message.name, state: message.state });
    this.#queue = this.#queue.then(async () => {
      const { webhook, command } = this.#settings;
      await Promise.all([
        webhook && this.#deliver('webhook', () => postAlert(webhook, message, this.#ended.signal)),
        command && this.#deliver('command', () => runAlertCommand(command, message)),
      ]);
    });
  }

  /** Gives what is under way a moment, then lets it go. */
  async stop(patienceMs = 3000): Promise<void> {
    const timer = setTimeout(() => this.#ended.abort(), patienceMs);
    await this.#queue;
    clearTimeout(timer);
  }

  async #deliver(what: string, attempt: () => Promise<void>): Promise<void> {
    for (let made = 1; ; made++) {
      try {
        await attempt();
        return;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (made === TRIES || this.#ended.signal.aborted) {
          this.#log.error(`the alert's ${what} failed ${made} times, it is given up: ${reason}`);
          return;
        }
        const seconds = backoffSeconds(made, RETRY, 0.5 + Math.random() / 2);
        await delay(seconds * 1000, undefined, { signal: this.#ended.signal }).catch(
          () => undefined,
        );
      }
    }
  }
}

async function postAlert(
  { url, timeoutSeconds }: NonNullable<Settings['alerts']['webhook']>,
  message: AlertMessage,
  ended: AbortSignal,
): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(message),
    signal: AbortSignal.any([ended, AbortSignal.timeout(timeoutSeconds * 1000)]),
  });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`answer ${response.status}`);
}

async function runAlertCommand(
  { run, timeoutSeconds }: NonNullable<Settings['alerts']['command']>,
  message: AlertMessage,
): Promise<void> {
  const [program = '', ...args] = run;
  const child = spawn(program, args, {
    stdio: ['pipe', 'ignore', 'inherit'],
    timeout: timeoutSeconds * 1000,
    killSignal: 'SIGKILL',
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(message));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code !== 0) throw new Error(`${program} ended with ${signal ?? `exit code ${code ?? 0}`}`);
}
