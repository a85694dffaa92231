import type { BeatService } from '../beat/beat-service.js';
import { StartStop, type Service } from '../lifecycle.js';
import type { Logger } from '../log.js';
import type { Health } from '../planning/health.js';
import type { ListenAddress } from '../monitor/http-server.js';
import { beatFamilies } from '../monitor/metrics/beat-metrics.js';
import { MetricsEndpoint } from '../monitor/metrics/metrics-endpoint.js';
import { workFamilies } from '../monitor/metrics/work-metrics.js';
import type { MetricFamily } from '../monitor/metrics/families.js';
import type { Supervisor } from '../worker/supervisor.js';
import type { WorkerService } from '../worker/worker-service.js';

export interface ObserveOptions {
  at: ListenAddress;
  redisUrl: string;
  prefix: string;
  log: Logger;
}

/** A worker with its /metrics, /healthz and /readyz. */
export function observeWorker(worker: WorkerService, options: ObserveOptions): Service {
  return new Observed(worker, options, {
    ownFamilies: () => workFamilies([worker.reading.sign], worker.reading.work),
    health: () => worker.health(Date.now()),
  });
}

/** A supervisor whose endpoint answers for all its replicas. */
export function observeSupervisor(supervisor: Supervisor, options: ObserveOptions): Service {
  return new Observed(supervisor, options, {
    ownFamilies: async () => {
      const { workers, work } = await supervisor.reading();
      return workFamilies(workers, work);
    },
    health: async () => (await supervisor.reading()).health,
  });
}

/** A beat with the same. */
export function observeBeat(beat: BeatService, options: ObserveOptions): Service {
  return new Observed(beat, options, {
    ownFamilies: () => beatFamilies(beat.reading),
    health: () => beat.health(Date.now()),
  });
}

interface Figures {
  ownFamilies(): Promise<MetricFamily[]> | MetricFamily[];
  health(): Promise<Health> | Health;
}

/** A service with an endpoint, which is there before it and until after it: it tells of both. */
class Observed extends StartStop {
  readonly #service: Service;
  readonly #endpoint: MetricsEndpoint;
  readonly #options: ObserveOptions;

  constructor(service: Service, options: ObserveOptions, figures: Figures) {
    super();
    this.#service = service;
    this.#options = options;
    this.#endpoint = new MetricsEndpoint({ ...options, ...figures });
  }

  async abandon(): Promise<void> {
    await this.#service.abandon?.();
  }

  protected async onStart(): Promise<void> {
    await this.#endpoint.start();
    const { at, log } = this.#options;
    const where = `http://${at.host ?? '*'}:${this.#endpoint.port}`;
    log.info(`metrics on ${where}/metrics, health on /healthz and /readyz`);
    await this.#service.start();
  }

  protected async onStop(): Promise<void> {
    await this.#service.stop();
    await this.#endpoint.stop();
  }
}
