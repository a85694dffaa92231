import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../log.js';
import { connectRedis, type Redis } from '../queues/connection.js';
import { FlowCounter } from '../queues/flow-history.js';
import { Heartbeat } from '../queues/heartbeats.js';
import { JobExchange, type ExchangeReply, type FinishedJob } from '../queues/job-exchange.js';
import { JobLeases } from '../queues/job-leases.js';
import { Keyspace } from '../queues/keyspace.js';
import { QueueSet } from '../queues/queue-set.js';
import { StalledJobs } from '../queues/stalled-jobs.js';
import { WorkSignal } from '../queues/work-signal.js';
import type { JobSource } from './dispatcher.js';
import type { WorkerOptions } from './worker-options.js';

const RETRY_EXCHANGE_MS = 1000;

/** A worker's end of Redis: all that it reads and writes there. */
export class WorkerLink implements JobSource {
  readonly leases: JobLeases;
  readonly stalled: StalledJobs;
  readonly heartbeat: Heartbeat;
  readonly flow: FlowCounter;
  readonly #connections: Redis[];
  readonly #queueSet: QueueSet;
  readonly #exchange: JobExchange;
  readonly #signal: WorkSignal;
  readonly #log: Logger;

  private constructor(
    name: string,
    options: WorkerOptions,
    log: Logger,
    commands: Redis,
    blocking: Redis,
  ) {
    const keyspace = new Keyspace(options.prefix);
    const { queues, leaseSeconds } = options;
    this.#connections = [commands, blocking];
    this.#queueSet = new QueueSet(commands, keyspace);
    this.#exchange = new JobExchange(commands, keyspace, {
      workerName: name,
      queues,
      leaseSeconds,
    });
    this.#signal = new WorkSignal(blocking, commands, keyspace, queues);
    this.leases = new JobLeases(this.#queueSet, { queues, leaseSeconds });
    this.stalled = new StalledJobs(commands, keyspace);
    this.heartbeat = new Heartbeat(commands, keyspace.workers, name);
    this.flow = new FlowCounter(commands, keyspace);
    this.#log = log;
  }

  static async connect(name: string, options: WorkerOptions, log: Logger): Promise<WorkerLink> {
    let reachable = true;
    const onError = (error: Error): void => {
      if (reachable) log.warn(`Redis does not answer (${error.message}); retrying`);
      reachable = false;
    };
    const open = async (suffix: string): Promise<Redis> => {
      const redis = await connectRedis(options.redisUrl, {
        name: `${name}${suffix}`,
        manner: 'patient',
        onError,
      });
      redis.on('ready', () => {
        if (!reachable) log.info('Redis is back');
        reachable = true;
      });
      return redis;
    };
    return new WorkerLink(name, options, log, await open(''), await open('-wait'));
  }

  exchange(finished: readonly FinishedJob[], wanted: number): Promise<ExchangeReply> {
    return this.#exchange.exchange(finished, wanted);
  }

  waitForWork(until: number | undefined): Promise<void> {
    return this.#signal.wait(until);
  }

  passOnSignal(): Promise<void> {
    return this.#signal.passOn();
  }

  interruptWait(): Promise<void> {
    return this.#signal.interrupt();
  }

  async exchangeFailed(error: unknown): Promise<void> {
    this.#log.error(
      `Redis refused an exchange: ${error instanceof Error ? error.message : String(error)}`,
    );
    await delay(RETRY_EXCHANGE_MS);
  }

  async close(): Promise<void> {
    await this.heartbeat.remove();
    await this.#queueSet.close();
    for (const connection of this.#connections) connection.disconnect();
  }
}
