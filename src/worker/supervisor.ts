import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { StartStop } from '../lifecycle.js';
import type { Logger } from '../log.js';
import { Periodic } from '../periodic.js';
import { connectRedis, type Redis } from '../queues/connection.js';
import { Heartbeat } from '../queues/heartbeats.js';
import { Keyspace } from '../queues/keyspace.js';
import { takeWorkerCommands } from '../queues/worker-commands.js';
import { ReplicaReadings, type FleetReading } from './replica-readings.js';
import { SupervisedProcess } from './supervised-process.js';

export interface SupervisorOptions {
  redisUrl: string;
  prefix: string;
  replicas: number;
  /** Flags of each replica's `dsw worker`. */
  flags: readonly string[];
  environment: Record<string, string>;
}

const HEARTBEAT_SECONDS = 2;

/** Several workers on this machine, each in a process of its own, as many as were asked for. */
export class Supervisor extends StartStop {
  readonly name = `supervisor-${randomBytes(4).toString('hex')}`;
  readonly #options: SupervisorOptions;
  readonly #log: Logger;
  readonly #startedAt = Date.now();
  readonly #replicas: SupervisedProcess[] = [];
  readonly #readings = new ReplicaReadings();
  #redis: Redis | undefined;
  #heartbeat: Heartbeat | undefined;
  #loop: Periodic | undefined;

  constructor(options: SupervisorOptions, log: Logger) {
    super();
    this.#options = options;
    this.#log = log;
  }

  get replicas(): number {
    return this.#replicas.length;
  }

  /** What the replicas say of themselves, added up. */
  reading(): Promise<FleetReading> {
    return this.#readings.read(this.#replicas);
  }

  async abandon(): Promise<void> {
    await Promise.all(this.#replicas.map((replica) => replica.abandon()));
  }

  /** Starts or drains replicas until there are so many. Resolves when the surplus has drained. */
  async scale(replicas: number): Promise<void> {
    if (replicas === this.replicas) return;
    if (this.#redis)
      this.#log.info(`${this.name} scales from ${this.replicas} to ${replicas} replicas`);
    while (this.#replicas.length < replicas) await this.#startReplica(this.#replicas.length + 1);
    const surplus = this.#replicas.splice(replicas);
    await Promise.all(surplus.map((replica) => replica.stop()));
  }

  protected async onStart(): Promise<void> {
    const { redisUrl, prefix, replicas } = this.#options;
    const warn = (error: unknown): void =>
      this.#log.warn(`the supervisor's heartbeat failed: ${String(error)}`);
    await this.scale(replicas);
    const redis = await connectRedis(redisUrl, { name: this.name, manner: 'patient' });
    const keyspace = new Keyspace(prefix);
    this.#redis = redis;
    this.#heartbeat = new Heartbeat(redis, keyspace.supervisors, this.name);
    this.#loop = new Periodic(HEARTBEAT_SECONDS, () => this.#beat(redis, keyspace), warn);
    await this.#loop.start();
    this.#log.info(`${this.name} keeps ${replicas} replicas`, { replicas });
  }

  protected async onStop(): Promise<void> {
    await this.#loop?.stop();
    await Promise.all(this.#replicas.map((replica) => replica.stop()));
    await this.#heartbeat?.remove();
    this.#redis?.disconnect();
  }

  async #beat(redis: Redis, keyspace: Keyspace): Promise<void> {
    await this.#heartbeat?.write({
      id: this.name,
      host: hostname(),
      pid: process.pid,
      startedAt: this.#startedAt,
      replicas: this.replicas,
    });
    for (const command of await takeWorkerCommands(redis, keyspace, this.name)) {
      if (command.kind === 'scale') void this.scale(command.replicas);
    }
  }

  async #startReplica(number: number): Promise<void> {
    const replica = new SupervisedProcess({
      args: ['worker', '--name', `worker-${number}`, ...this.#options.flags],
      environment: this.#options.environment,
      onDeath: (reason, seconds) =>
        this.#log.warn(
          `replica ${number} ended (${reason}); starting it again in ${seconds.toFixed(1)} s`,
        ),
    });
    this.#replicas.push(replica);
    await replica.start();
  }
}
