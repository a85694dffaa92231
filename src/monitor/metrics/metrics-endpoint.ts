import { StartStop } from '../../lifecycle.js';
import type { Health } from '../../planning/health.js';
import type { SystemSnapshot } from '../../planning/snapshot.js';
import { connectRedis } from '../../queues/connection.js';
import { Keyspace } from '../../queues/keyspace.js';
import { SnapshotReader } from '../../queues/snapshot-reader.js';
import { HttpServer, type HttpReply, type ListenAddress } from '../http-server.js';
import type { MetricFamily } from './families.js';
import { METRICS_CONTENT_TYPE, prometheusText } from './prometheus-text.js';
import { systemFamilies } from './system-metrics.js';

export interface MetricsEndpointOptions {
  at: ListenAddress;
  redisUrl: string;
  prefix: string;
  /** What the process tells of itself, beside the system. */
  ownFamilies(): Promise<MetricFamily[]> | MetricFamily[];
  health(): Promise<Health> | Health;
}

/** A scrape must not wait longer for Redis: the process's own figures come without it. */
const REDIS_PATIENCE_MS = 2000;

/** A process's /metrics, /healthz and /readyz. */
export class MetricsEndpoint extends StartStop {
  readonly #options: MetricsEndpointOptions;
  readonly #server: HttpServer;
  readonly #ended = new AbortController();
  #reader: SnapshotReader | undefined;
  /** The read under way: scrapes at the same time share it. */
  #reading: Promise<SystemSnapshot | undefined> | undefined;

  constructor(options: MetricsEndpointOptions) {
    super();
    this.#options = options;
    this.#server = new HttpServer(options.at, {
      '/metrics': () => this.#metrics(),
      '/healthz': async () => healthReply(await options.health(), 'alive'),
      '/readyz': async () => healthReply(await options.health(), 'ready'),
    });
  }

  get port(): number {
    return this.#server.port;
  }

  protected async onStart(): Promise<void> {
    await this.#server.start();
    this.#connect().catch(() => undefined);
  }

  protected async onStop(): Promise<void> {
    await this.#server.stop();
    this.#ended.abort();
  }

  /** Not waited for: without Redis, the endpoint tells that it is gone. */
  async #connect(): Promise<void> {
    const { redisUrl, prefix } = this.#options;
    const redis = await connectRedis(redisUrl, {
      name: 'dsw-metrics',
      manner: 'patient',
      signal: this.#ended.signal,
    });
    this.#reader = new SnapshotReader(redis, new Keyspace(prefix));
  }

  async #metrics(): Promise<HttpReply> {
    const [snapshot, own] = await Promise.all([this.#snapshot(), this.#options.ownFamilies()]);
    const body = await prometheusText([...systemFamilies(snapshot), ...own]);
    return { status: 200, contentType: METRICS_CONTENT_TYPE, body };
  }

  async #snapshot(): Promise<SystemSnapshot | undefined> {
    this.#reading ??= this.#reader
      ?.read()
      .catch(() => undefined)
      .finally(() => (this.#reading = undefined));
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), REDIS_PATIENCE_MS);
    });
    const snapshot = await Promise.race([this.#reading, patience]);
    clearTimeout(timer);
    return snapshot;
  }
}

function healthReply(health: Health, what: 'alive' | 'ready'): HttpReply {
  const { reason = 'ok' } = health;
  return { status: health[what] ? 200 : 503, body: `${reason}\n` };
}
