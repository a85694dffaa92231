import { poissonWindow } from '../numerics/poisson.js';
import { requireBelow, requireNonNegative, requirePositive, requireWhole } from './arguments.js';

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
 * equations by uniformization (Jensen 1953; Grassmann 1977). Absolute error below 1e-8 jobs.
 * @param moments seconds from the start of the burst, rising.
 * @throws DswError when the base load is more than the servers can do.
 */
export function burstBacklog(burst: BurstInput, moments: readonly number[]): BacklogPoint[] {
  requireBurst(burst);
  const { servers, serviceSeconds, baseRate, burstRate, burstSeconds } = burst;
  const load = baseRate * serviceSeconds;
  requireBelow('baseRate × serviceSeconds', load, servers);
  let law = equilibrium(servers, load, statesFor(burst));
  let now = 0;
  return moments.map((at) => {
    const inBurst = Math.max(0, Math.min(at, burstSeconds) - Math.min(now, burstSeconds));
    const after = at - now - inBurst;
    law = advance(law, servers, burstRate * serviceSeconds, inBurst / serviceSeconds);
    law = advance(law, servers, load, after / serviceSeconds);
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

/** P(n jobs) of M/M/c in equilibrium; times in units of the service time from here on. */
function equilibrium(servers: number, load: number, states: number): Float64Array {
  const law = new Float64Array(states);
  const mode = Math.floor(load);
  law[mode] = 1;
  for (let n = mode; n > 0; n--) law[n - 1] = ((law[n] as number) * Math.min(n, servers)) / load;
  for (let n = mode + 1; n < states; n++) {
    law[n] = ((law[n - 1] as number) * load) / Math.min(n, servers);
  }
  const total = law.reduce((sum, p) => sum + p, 0);
  return law.map((p) => p / total);
}

/** The law after `span` service times of arrivals at that load. */
function advance(from: Float64Array, servers: number, load: number, span: number): Float64Array {
  if (span === 0) return from;
  const rate = load + servers;
  const { first, probabilities } = poissonWindow(rate * span);
  const sum = new Float64Array(from.length);
  let law = from;
  for (let step = 0; step < first + probabilities.length; step++) {
    const weight = step < first ? 0 : (probabilities[step - first] as number);
    if (weight > 0)
      for (let n = 0; n < sum.length; n++)
        sum[n] = (sum[n] as number) + weight * (law[n] as number);
    law = jump(law, servers, load, rate);
  }
  return sum;
}

/** One event of the uniformized chain: an arrival, the end of a service, or nothing. */
function jump(law: Float64Array, servers: number, load: number, rate: number): Float64Array {
  const next = new Float64Array(law.length);
  const last = law.length - 1;
  for (let n = 0; n <= last; n++) {
    const ending = Math.min(n, servers);
    const arriving = n === 0 ? 0 : load * (law[n - 1] as number);
    const leaving = n === last ? 0 : Math.min(n + 1, servers) * (law[n + 1] as number);
    const staying = (n === last ? rate - ending : servers - ending) * (law[n] as number);
    next[n] = (arriving + leaving + staying) / rate;
  }
  return next;
}

function summarize(at: number, servers: number, law: Float64Array): BacklogPoint {
  const point = { at, waiting: 0, inSystem: 0, allBusy: 0 };
  law.forEach((p, n) => {
    point.inSystem += n * p;
    if (n < servers) return;
    point.allBusy += p;
    point.waiting += (n - servers) * p;
  });
  return point;
}
