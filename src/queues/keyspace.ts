import type { QueueName } from '../planning/queue-names.js';

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

  /** Lease of the scheduler at work: its id, expiring. */
  get beatLease(): string {
    return `${this.prefix}:beat:lease`;
  }

  /** Counter that gives each holder of the lease a higher fencing token than all before it. */
  get beatFence(): string {
    return `${this.prefix}:beat:fence`;
  }

  /** Hash: schedule name → due time (ms) of the last tick enqueued. Never expires. */
  get beatTicks(): string {
    return `${this.prefix}:beat:ticks`;
  }

  /** Hash: beat id → its last sign of life as JSON, holder and standbys. */
  get beats(): string {
    return `${this.prefix}:beats`;
  }
}
