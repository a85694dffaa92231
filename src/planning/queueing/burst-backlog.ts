import { requireBelow, requireNonNegative, requirePositive, requireWhole } from './arguments.js';
import { equilibriumLaw, evolve, type BirthDeath, type Law } from './birth-death.js';

/** A burst of arrivals on top of a steady load. */
export interface BurstInput {
  servers: number;
  /** Mean service time; service is taken to be exponential. */
  serviceSeconds: number;
  /** Jobs per second before and after the burst. */
  baseRate: number;
  /** Jobs per second while it lasts. */
  burstRate: number;
  burstSeconds: number;
}

/** The backlog of a burst as a fluid: what arrives beyond what the servers finish. */
export interface FluidBacklog {
  /** Jobs that wait when the burst ends. */
  peakJobs: number;
  /** From the end of the burst until none waits; undefined when the base load leaves nothing spare. */
  drainSeconds: number | undefined;
  /** Wait of a job that arrives at the end of the burst. */
  longestWaitSeconds: number;
}

/**
 * Fluid backlog of a burst (Newell 1982, "Applications of queueing theory", chapter 2). All servers
 * are taken to be busy from the moment at which the work in service has risen to fill them.
 */
export function fluidBacklog(burst: BurstInput): FluidBacklog {
  requireBurst(burst);
  const { servers, serviceSeconds, baseRate, burstRate, burstSeconds } = burst;
  const capacity = servers / serviceSeconds;
  const filling = secondsToFill(burst);
  const peakJobs = Math.max(0, (burstRate - capacity) * (burstSeconds - filling));
  const spare = capacity - baseRate;
  const drains = peakJobs === 0 || spare > 0;
  return {
    peakJobs,
    drainSeconds: drains ? (peakJobs === 0 ? 0 : peakJobs / spare) : undefined,
    longestWaitSeconds: peakJobs / capacity,
  };
}

/** Until n′ = burst rate − n/S reaches all servers, from the base load; at most the burst. */
function secondsToFill({ servers, serviceSeconds, ...rates }: BurstInput): number {
  const target = rates.burstRate * serviceSeconds;
  const start = Math.min(servers, rates.baseRate * serviceSeconds);
  if (target <= servers) return rates.burstSeconds;
  const seconds = serviceSeconds * Math.log((target - start) / (target - servers));
  return Math.min(seconds, rates.burstSeconds);
}

/** Expected state at one moment. */
export interface BacklogPoint {
  /** Seconds from the start of the burst. */
  at: number;
  /** Mean number of jobs that wait. */
  waiting: number;
  /** Mean number of jobs in service or waiting. */
  inSystem: number;
  /** P(all servers are busy). */
  allBusy: number;
}

/**
 * Expected backlog over a burst that meets the base load in equilibrium: the M/M/c chain's forward
 * equations by uniformization. Absolute error below 1e-8 jobs.
 * @param moments seconds from the start of the burst, rising.
 * @throws DswError when the base load is more than the servers can do.
 */
export function burstBacklog(burst: BurstInput, moments: readonly number[]): BacklogPoint[] {
  requireBurst(burst);
  const { servers, serviceSeconds, baseRate, burstRate, burstSeconds } = burst;
  const load = baseRate * serviceSeconds;
  requireBelow('baseRate × serviceSeconds', load, servers);
  const states = statesFor(burst);
  const [outside, inside] = [load, burstRate * serviceSeconds].map((erlangs) =>
    chainOf(servers, erlangs, states),
  ) as [BirthDeath, BirthDeath];
  let law = equilibriumLaw(outside);
  let now = 0;
  return moments.map((at) => {
    const inBurst = Math.max(0, Math.min(at, burstSeconds) - Math.min(now, burstSeconds));
    const after = at - now - inBurst;
    law = evolve(inside, law, inBurst / serviceSeconds).end;
    law = evolve(outside, law, after / serviceSeconds).end;
    now = at;
    return summarize(at, servers, law);
  });
}

function requireBurst(burst: BurstInput): void {
  requireWhole('servers', burst.servers);
  requirePositive('serviceSeconds', burst.serviceSeconds);
  requireNonNegative('baseRate', burst.baseRate);
  requireNonNegative('burstRate', burst.burstRate);
  requireNonNegative('burstSeconds', burst.burstSeconds);
}

/** So many that the chain never comes near the last: its mean at most, and nine deviations. */
function statesFor(burst: BurstInput): number {
  const { servers, serviceSeconds, baseRate, burstRate, burstSeconds } = burst;
  const rest = 40 / -Math.log(Math.max(1e-9, (baseRate * serviceSeconds) / servers));
  const arrivals = burstRate * burstSeconds;
  const top = servers + Math.max(0, arrivals - (servers * burstSeconds) / serviceSeconds) + rest;
  return Math.ceil(top + 9 * Math.sqrt(arrivals + servers) + 50);
}

/** M/M/c on so many states. Times in units of the service time from here on. */
function chainOf(servers: number, load: number, states: number): BirthDeath {
  return {
    up: new Float64Array(states).fill(load),
    down: Float64Array.from({ length: states }, (_, n) => Math.min(n, servers)),
  };
}

function summarize(at: number, servers: number, law: Law): BacklogPoint {
  const point = { at, waiting: 0, inSystem: 0, allBusy: 0 };
  law.forEach((p, n) => {
    point.inSystem += n * p;
    if (n < servers) return;
    point.allBusy += p;
    point.waiting += (n - servers) * p;
  });
  return point;
}
