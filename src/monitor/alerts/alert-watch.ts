import { randomBytes } from 'node:crypto';
import type { Settings } from '../../config/settings.js';
import { messageOf } from '../../errors.js';
import { StartStop } from '../../lifecycle.js';
import type { Logger } from '../../log.js';
import { Periodic } from '../../periodic.js';
import { evaluateAlerts } from '../../planning/alerts.js';
import { AlertOutbox } from '../../queues/alert-outbox.js';
import { AlertRecords } from '../../queues/alert-records.js';
import { connectRedis, type Redis } from '../../queues/connection.js';
import { Keyspace } from '../../queues/keyspace.js';
import { SingletonLease } from '../../queues/singleton-lease.js';
import { SnapshotReader } from '../../queues/snapshot-reader.js';
import { systemFigures } from '../../planning/system-figures.js';
import { readExpected, type Expected } from '../doctor/expected.js';
import { alertRules, alertSubject } from './alert-rules.js';
import { alertMessage, AlertSinks, type AlertMessage } from './alert-sinks.js';

/** A watcher that missed so many looks has lost its turn. */
const LEASE_LOOKS = 4;
const SHORTEST_LEASE_SECONDS = 5;
/** A clean stop does not wait longer than this, for a webhook or a Redis that is silent. */
const STOP_PATIENCE_MS = 5000;

/**
 * Judges the alert rules every so often and sends what changes. Of several watchers one works, and
 * another goes on where it left off: each change goes out once.
 */
export class AlertWatch extends StartStop {
  readonly id = `alerts-${randomBytes(4).toString('hex')}`;
  readonly #redisUrl: string;
  readonly #settings: Settings;
  readonly #secret: string | undefined;
  readonly #log: Logger;
  readonly #ended = new AbortController();
  #loop: Periodic | undefined;
  #lease: SingletonLease | undefined;
  #sinks: AlertSinks | undefined;

  /** @param secret signs what a webhook is sent. */
  constructor(redisUrl: string, settings: Settings, secret: string | undefined, log: Logger) {
    super();
    this.#secret = secret;
    this.#redisUrl = redisUrl;
    this.#settings = settings;
    this.#log = log;
  }

  protected async onStart(): Promise<void> {
    const warn = (error: unknown): void => this.#log.warn(`not watching: ${messageOf(error)}`);
    const expected = await readExpected(this.#settings);
    const redis = await connectRedis(this.#redisUrl, {
      name: this.id,
      manner: 'patient',
      onError: warn,
      signal: this.#ended.signal,
      waitSignal: this.stopSignal,
    });
    const look = this.#looker(redis, expected);
    const rules = alertRules(this.#settings).map(({ name }) => name);
    this.#log.info(`${this.id} watches: ${rules.join(', ')}`);
    this.#loop = new Periodic(this.#settings.alerts.everySeconds, look, warn);
    await this.#loop.start();
  }

  protected async onStop(): Promise<void> {
    // Redis may be gone, and commands to it would wait for ever.
    const patience = setTimeout(() => this.#ended.abort(), STOP_PATIENCE_MS);
    try {
      await this.#loop?.stop();
      await this.#sinks?.stop();
      await this.#lease?.release();
    } catch {
      this.#log.warn(`${this.id} could not give its lease up: Redis does not answer`);
    } finally {
      clearTimeout(patience);
      this.#ended.abort();
    }
    this.#log.info(`${this.id} stopped`);
  }

  #looker(redis: Redis, expected: Expected): () => Promise<void> {
    const { prefix, alerts } = this.#settings;
    const keyspace = new Keyspace(prefix);
    const leaseSeconds = Math.max(SHORTEST_LEASE_SECONDS, LEASE_LOOKS * alerts.everySeconds);
    const lease = new SingletonLease(redis, keyspace.alertLease, this.id, leaseSeconds);
    this.#lease = lease;
    const reader = new SnapshotReader(redis, keyspace);
    const records = new AlertRecords(redis, keyspace);
    const outbox = new AlertOutbox(redis, keyspace);
    const sinks = new AlertSinks(alerts, this.#secret, outbox, this.#log);
    this.#sinks = sinks;
    const rules = alertRules(this.#settings);
    return async () => {
      if (!(await lease.hold()).held) return;
      const snapshot = await reader.read();
      const subject = alertSubject(snapshot, systemFigures(snapshot), expected);
      const states = evaluateAlerts(rules, subject, await records.read());
      const memories = new Map(states.map(({ rule, memory }) => [rule.name, memory]));
      const messages = states
        .filter(({ change }) => change !== undefined)
        .map((state) => alertMessage(state, prefix, snapshot.at));
      const texts = messages.map((message) => JSON.stringify(message));
      if (!(await records.keep(memories, texts, sinks.names, lease.token))) return;
      for (const message of messages) this.#tell(message);
      sinks.flush();
    };
  }

  #tell({ name, state, severity, message }: AlertMessage): void {
    const level = state === 'resolved' ? 'info' : severity === 'error' ? 'error' : 'warn';
    this.#log[level](message, { alert: name, state });
  }
}
