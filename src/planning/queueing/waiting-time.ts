import {
  requireAtLeastOne,
  requireNonNegative,
  requirePositive,
  requireWhole,
} from './arguments.js';
import {
  deterministicService,
  exponentialService,
  generalService,
  noWait,
  withBatches,
  type Load,
} from './wait-by-service.js';

/** How long a job's service takes. */
export interface ServiceTime {
  /** Seconds, above 0. */
  mean: number;
  /** Variance / mean²: 0 all alike, 1 exponential. Default 1. */
  scv?: number;
}

export interface WaitTimeInput {
  /** Jobs per second, at least 0. */
  arrivalRate: number;
  serviceTime: ServiceTime;
  /** A whole number of at least 1. */
  servers: number;
  /** Mean jobs that arrive at once, at least 1. Default 1. */
  batchSize?: number;
}

/** The formula behind a waiting time, with its source. */
export type WaitMethod =
  /** Erlang 1917. Exact. */
  | 'M/M/c'
  /** Spitzer 1956, Franx 2001. Exact. */
  | 'M/D/c'
  /** Kimura 1986, between the exact M/M/c and M/D/c. An approximation. */
  | 'M/G/c'
  /** Chaudhry and Templeton 1983. Exact. */
  | 'M^[X]/M/c'
  /** Between the exact M^[X]/M/c and M/G/c. An approximation. */
  | 'M^[X]/G/c';

/** Waiting time in a queue that the servers can keep up with. */
export interface StableWait {
  stable: true;
  method: WaitMethod;
  /** Whether the method is exact for what was asked. */
  exact: boolean;
  /** Erlangs: arrival rate × mean service time. */
  offeredLoad: number;
  /** Offered load over servers. */
  utilization: number;
  /** Share of the jobs that wait at all. */
  pWait: number;
  /** Mean wait of all jobs, in seconds, without service. */
  mean: number;
  /** Seconds that a share p of all jobs do not wait longer than; 0 ≤ p < 1. */
  quantile(p: number): number;
}

/** A load that the servers can't keep up with: every wait grows as long as it lasts. */
export interface UnstableWait {
  stable: false;
  offeredLoad: number;
  utilization: number;
  /** Jobs per second by which the backlog grows; 0 when the load just matches the servers. */
  backlogGrowth: number;
  /** Fewest servers that keep up. */
  serversNeeded: number;
}

export type WaitTime = StableWait | UnstableWait;

/**
 * Waiting time of jobs that arrive at random (Poisson), singly or in batches, at equal servers that
 * serve them in order of arrival. A load that is too high is a result, not an error.
 * @throws DswError for arguments that can't be.
 */
export function waitTime(input: WaitTimeInput): WaitTime {
  const load = readLoad(input);
  const { servers, offeredLoad } = load;
  if (offeredLoad >= servers) return unstable(input.arrivalRate, load);
  if (offeredLoad === 0) return noWait(load);
  if (load.batchSize > 1) return withBatches(load);
  if (load.scv === 1) return exponentialService(load);
  return load.scv === 0 ? deterministicService(load) : generalService(load);
}

function readLoad({ arrivalRate, serviceTime, servers, batchSize = 1 }: WaitTimeInput): Load {
  const { mean: serviceSeconds, scv = 1 } = serviceTime;
  requireNonNegative('arrivalRate', arrivalRate);
  requirePositive('serviceTime.mean', serviceSeconds);
  requireNonNegative('serviceTime.scv', scv);
  requireWhole('servers', servers);
  requireAtLeastOne('batchSize', batchSize);
  return { servers, offeredLoad: arrivalRate * serviceSeconds, serviceSeconds, scv, batchSize };
}

function unstable(
  arrivalRate: number,
  { servers, offeredLoad, serviceSeconds }: Load,
): UnstableWait {
  return {
    stable: false,
    offeredLoad,
    utilization: offeredLoad / servers,
    backlogGrowth: Math.max(0, arrivalRate - servers / serviceSeconds),
    serversNeeded: Math.floor(offeredLoad) + 1,
  };
}
