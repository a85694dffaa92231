import { requireAtLeastOne, requireNonNegative, requireWhole } from './arguments.js';
import { cycleDispersion, requireSharedCores, throughputOf } from './contention.js';
import { delayProbability } from './erlang.js';
import { fleetRate, fleetRateAnywhere, type FleetRate } from './fleet-rates.js';
import type { ChangingStation } from './state-grid.js';
import { waitFactor } from './kimura.js';
import { shareDelays, type PriorityWait } from './priorities.js';
import { mixedService, type ServiceMix } from './service-mix.js';
import type { ServiceTime } from './waiting-time.js';

/** Odds against a state beyond which it can be left out. */
const NEVER = 1e20;

export interface ContentionInput {
  /** Jobs per second of each priority class, most urgent first. One class: plain order of arrival. */
  arrivalRates: readonly number[];
  /** Of a job that runs alone in its replica; of all classes, or of each. */
  serviceTime: ServiceTime | readonly ServiceTime[];
  replicas: number;
  /** Slots of one replica. */
  slots: number;
  /** Cores of one replica. */
  cores: number;
  /** I/O wait time over CPU time of one job that runs alone. */
  waitRatio: number;
  /** Mean number of turns between CPU and I/O in one job. Default: so many that it does not matter. */
  cycles?: number;
}

/** Waits at slots that share cores. */
export interface ContentionWait {
  method: 'flow-equivalent server';
  /** Jobs per second that all slots finish when all are busy. */
  serviceRate: number;
  /** Arrival rate over that. */
  utilization: number;
  /** Mean number of busy slots: what a monitor would see. All of them, when unstable. */
  busySlots: number;
  /** Share of all jobs that wait. */
  pWait: number;
  /** Of all jobs, as if served in order of arrival. */
  all: PriorityWait;
  /** In the order of the arrival rates. */
  classes: PriorityWait[];
}

/**
 * Waiting times at replicas whose slots share cores, fed from one set of queues. Each replica is
 * replaced by a server whose rate depends on its busy slots as the closed model says (flow-equivalent
 * server: Chandy, Herzog and Woo 1975). Few turns between CPU and I/O make departures more regular than Poisson, which shortens delays by
 * (1 + I)/2, I being their index of dispersion; other than exponential work scales them as in M/G/c.
 * Beside the exact chain of one replica the mean wait is within 5 % at four turns and more.
 * @throws DswError for arguments that can't be.
 */
export function contentionWaitTimes(input: ContentionInput): ContentionWait {
  const { mix, rates, serviceRate, arrivalRate } = fleetOf(input);
  const { arrivalRates, replicas, slots, cores } = input;
  const { pWait, busySlots } =
    slots <= cores
      ? separateSlots(replicas * slots, arrivalRate * mix.mean)
      : stationState(arrivalRate, replicas, rates);
  const utilization = arrivalRate / serviceRate;
  const station = { pWait, serviceRate, factor: delayFactor(input, utilization, mix.scv) };
  const [all] = shareDelays({ ...station, arrivalRates: [arrivalRate], loads: [utilization] });
  const loads = mix.workShares.map((share) => share * utilization);
  return {
    method: 'flow-equivalent server',
    serviceRate,
    utilization,
    busySlots,
    pWait,
    all: all as PriorityWait,
    classes: shareDelays({ ...station, arrivalRates, loads }),
  };
}

/** The same station for loads that change; delays are scaled as at the given arrival rate. */
export function contentionStation(input: ContentionInput): ChangingStation {
  const { mix, rates, serviceRate, arrivalRate } = fleetOf(input);
  const { replicas, slots, cores } = input;
  const perSlot = serviceRate / (replicas * slots);
  const rateOf =
    slots <= cores ? (busy: number) => busy * perSlot : fleetRateAnywhere(replicas, rates);
  return {
    servers: replicas * slots,
    rateOf: (busy) => (busy === 0 ? 0 : rateOf(busy)),
    factor: delayFactor(input, arrivalRate / serviceRate, mix.scv),
    batchSize: 1,
  };
}

interface Fleet {
  mix: ServiceMix;
  /** Of one replica, by its busy slots. Jobs per second, as the others. */
  rates: number[];
  /** Of all slots when all are busy. */
  serviceRate: number;
  arrivalRate: number;
}

/** @throws DswError for arguments that can't be. */
function fleetOf(input: ContentionInput): Fleet {
  requireContention(input);
  const { arrivalRates, replicas, slots } = input;
  const mix = mixedService(arrivalRates, input.serviceTime);
  const rates = ratesOf(input, mix.mean);
  return {
    mix,
    rates,
    serviceRate: replicas * (rates[slots] ?? 0),
    arrivalRate: arrivalRates.reduce((sum, rate) => sum + rate, 0),
  };
}

/** Jobs per second of one replica by its busy slots. */
function ratesOf({ slots, cores, waitRatio }: ContentionInput, serviceSeconds: number): number[] {
  const cpuSeconds = serviceSeconds / (1 + waitRatio);
  return Array.from(
    { length: slots + 1 },
    (_, busy) => throughputOf(busy, cores, waitRatio) / cpuSeconds,
  );
}

function requireContention(input: ContentionInput): void {
  requireSharedCores(input);
  requireWhole('replicas', input.replicas);
  requireAtLeastOne('cycles', input.cycles ?? 1);
  input.arrivalRates.forEach((rate, i) => requireNonNegative(`arrivalRates[${i}]`, rate));
}

/** Slots that never wait for a core are Erlang's servers. */
function separateSlots(servers: number, load: number): { pWait: number; busySlots: number } {
  return { pWait: delayProbability(servers, load), busySlots: Math.min(load, servers) };
}

/**
 * Birth and death chain of busy slots. P(wait) has the form of Erlang's: 1/(ρ + (1 − ρ)·Σ_n p_n/p_c).
 * @param rates jobs per second of one replica by its busy slots.
 */
function stationState(
  arrivalRate: number,
  replicas: number,
  rates: readonly number[],
): { pWait: number; busySlots: number } {
  const total = replicas * (rates.length - 1);
  const utilization = arrivalRate / (replicas * (rates.at(-1) ?? 0));
  if (arrivalRate === 0) return { pWait: 0, busySlots: 0 };
  if (utilization >= 1) return { pWait: 1, busySlots: total };
  const rateOf = fleetRate(arrivalRate, replicas, rates);
  // Σ_j≤n p_j over p_n, and the mean number busy of those that have at most n.
  let mass = 1;
  let mean = firstLikely(rateOf, arrivalRate, total);
  for (let busy = mean + 1; busy <= total && mass < NEVER; busy++) {
    mass = 1 + (mass * rateOf(busy)) / arrivalRate;
    mean += (busy - mean) / mass;
  }
  const pWait = 1 / (utilization + (1 - utilization) * mass);
  const someQueue = pWait * utilization;
  return { pWait, busySlots: (1 - someQueue) * mean + someQueue * total };
}

/** Fewest busy slots that are not too improbable to count: seen from where the fleet keeps up. */
function firstLikely(rateOf: FleetRate, arrivalRate: number, total: number): number {
  let [low, high] = [0, total];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (rateOf(middle) < arrivalRate) low = middle;
    else high = middle;
  }
  let likelihood = 1;
  while (low > 0 && likelihood * NEVER > 1) likelihood *= rateOf(low--) / arrivalRate;
  return low;
}

function delayFactor(input: ContentionInput, utilization: number, scv: number): number {
  const { cycles = Infinity, replicas, slots } = input;
  const regular = cycles === Infinity ? 1 : 1 - (1 - cycleDispersion(input)) / (2 * cycles);
  if (utilization >= 1 || utilization === 0) return (regular * (1 + scv)) / 2;
  return regular * waitFactor(replicas * slots, utilization * replicas * slots, scv);
}
