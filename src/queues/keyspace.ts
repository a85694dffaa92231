import type { QueueName } from '../planning/queue-names.js';

/**
 * `lease`: "id:fencing token" of the scheduler at work, expiring. `fence`: counter that gives each
 * holder a higher token than all before it. `ticks`: hash, schedule → due time (ms) before which
 * everything is settled. `runs`: hash, schedule → its last job as "sentAt dueAt keyPrefix jobId". `schedules`: hash,
 * schedule → what the scheduler at work has loaded, as JSON. `paused`: set of schedules.
 * `revision`: changes with each change of ticks or paused. `wake`: channel that wakes all beats.
 */
export type BeatPart =
  'lease' | 'fence' | 'ticks' | 'runs' | 'schedules' | 'paused' | 'revision' | 'wake';

/** Where messages of alerts go, beside the log. */
export const ALERT_SINKS = ['webhook', 'command'] as const;
export type AlertSink = (typeof ALERT_SINKS)[number];

/** Keys of one lease: its holder, expiring; the counter of tokens; the channel that tells of its end. */
export interface LeaseKeys {
  lease: string;
  fence: string;
  wake: string;
}

/**
 * Names of all keys of one dsw system. The prefix is a hash tag, so every key lies in one slot of a
 * Redis cluster and a script may touch several queues in one atomic step.
 */
export class Keyspace {
  /** BullMQ's `prefix` option. */
  readonly prefix: string;

  constructor(prefix: string) {
    this.prefix = `{${prefix}}`;
  }

  queue(name: QueueName, part: string): string {
    return `${this.prefix}:${name}:${part}`;
  }

  /** Hash: worker id → its last heartbeat as JSON. */
  get workers(): string {
    return `${this.prefix}:workers`;
  }

  /** Hash: supervisor id → its last sign of life as JSON. */
  get supervisors(): string {
    return `${this.prefix}:supervisors`;
  }

  /** List: commands for a worker or a supervisor, as JSON. */
  commands(workerId: string): string {
    return `${this.prefix}:commands:${workerId}`;
  }

  /** Hash: fingerprint of what killed workers → when it was listed (ms). */
  get poison(): string {
    return `${this.prefix}:poison`;
  }

  /** Stream of measured jobs, for the planner. */
  get samples(): string {
    return `${this.prefix}:samples`;
  }

  /** Hashes of what flowed: `minute:` and `hour:` with the number of the stretch since the epoch. */
  flow(stretch: string): string {
    return `${this.prefix}:flow:${stretch}`;
  }

  /** What the schedulers share. Nothing of it is ever cleaned up, but for the lease's own expiry. */
  beat(part: BeatPart): string {
    return `${this.prefix}:beat:${part}`;
  }

  /** Several of them, in the order in which a script wants them. */
  beatKeys(...parts: BeatPart[]): string[] {
    return parts.map((part) => this.beat(part));
  }

  /** Hash: beat id → its last sign of life as JSON, holder and standbys. */
  get beats(): string {
    return `${this.prefix}:beats`;
  }

  /** Hash: the objects of one document in a `redis:` store. */
  storedGroup(documentId: string): string {
    return `${this.prefix}:store:of:${documentId}`;
  }

  /** Sorted set: document in a `redis:` store → its last write (ms). */
  get storeIndex(): string {
    return `${this.prefix}:store:index`;
  }

  /** Hash: document in a `redis:` store → its bytes. */
  get storeSizes(): string {
    return `${this.prefix}:store:sizes`;
  }

  /** Number: bytes in a `redis:` store. */
  get storeTotal(): string {
    return `${this.prefix}:store:total`;
  }

  /** Sorted set: document that is being removed → since when (ms). No job may name it any more. */
  get removals(): string {
    return `${this.prefix}:removals`;
  }

  /** Text: what tells a `redis:` store from another one. */
  get storeIdentity(): string {
    return `${this.prefix}:store:identity`;
  }

  /** Of the scheduler at work. */
  get beatLease(): LeaseKeys {
    return { lease: this.beat('lease'), fence: this.beat('fence'), wake: this.beat('wake') };
  }

  /** Of the watcher that sends alerts. */
  get alertLease(): LeaseKeys {
    const key = (part: string): string => `${this.prefix}:alerts:${part}`;
    return { lease: key('lease'), fence: key('fence'), wake: key('wake') };
  }

  /** Hash: rule name → how the alert stands, as JSON. */
  get alerts(): string {
    return `${this.prefix}:alerts`;
  }

  /** List: messages of alerts that are not delivered yet, as JSON, oldest first. */
  alertOutbox(sink: AlertSink): string {
    return `${this.prefix}:alerts:outbox:${sink}`;
  }
}
