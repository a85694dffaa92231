import {
  requireAtLeastOne,
  requireNonNegative,
  requirePositive,
  requireWhole,
} from './arguments.js';
import { cycleDispersion, requireSharedCores, throughputOf } from './contention.js';
import { delayProbability } from './erlang.js';
import { waitFactor } from './kimura.js';
import { shareDelays, type PriorityWait } from './priorities.js';
import type { ServiceTime } from './waiting-time.js';

export interface ContentionInput {
  /** Jobs per second of each priority class, most urgent first. One class: plain order of arrival. */
  arrivalRates: readonly number[];
  /** Of a job that runs alone in its replica. */
  serviceTime: ServiceTime;
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
  requireContention(input);
  const { arrivalRates, replicas, slots, cores, waitRatio } = input;
  const cpuSeconds = input.serviceTime.mean / (1 + waitRatio);
  const rates = Array.from(
    { length: slots + 1 },
    (_, busy) => throughputOf(busy, cores, waitRatio) / cpuSeconds,
  );
  const serviceRate = replicas * (rates[slots] ?? 0);
  const arrivalRate = arrivalRates.reduce((sum, rate) => sum + rate, 0);
  const { pWait, busySlots } =
    slots <= cores
      ? separateSlots(replicas * slots, arrivalRate * input.serviceTime.mean)
      : stationState(arrivalRate, replicas, rates);
  return {
    method: 'flow-equivalent server',
    serviceRate,
    utilization: arrivalRate / serviceRate,
    busySlots,
    pWait,
    classes: shareDelays({
      arrivalRates,
      pWait,
      serviceRate,
      factor: delayFactor(input, arrivalRate / serviceRate),
    }),
  };
}

function requireContention(input: ContentionInput): void {
  requireSharedCores(input);
  requireWhole('replicas', input.replicas);
  requirePositive('serviceTime.mean', input.serviceTime.mean);
  requireNonNegative('serviceTime.scv', input.serviceTime.scv ?? 1);
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
  // Σ_j≤n p_j over p_n, and the mean number busy of those that have at most n.
  let mass = 1;
  let mean = 0;
  fleetRates(arrivalRate, replicas, rates).forEach((rate, i) => {
    mass = 1 + (mass * rate) / arrivalRate;
    mean += (i + 1 - mean) / mass;
  });
  const pWait = 1 / (utilization + (1 - utilization) * mass);
  const someQueue = pWait * utilization;
  return { pWait, busySlots: (1 - someQueue) * mean + someQueue * total };
}

/**
 * Jobs per second that replicas finish together with 1, 2, … busy slots. How these are spread over the
 * replicas follows from chance: each new job goes to any replica with a free slot, so given their
 * number the replicas are as good as independent (product form: Jackson 1963). Beside simulation this
 * holds P(wait) within the simulation's interval, where an even spread would miss a fifth of the waits
 * at four replicas, and four fifths at ten.
 */
function fleetRates(arrivalRate: number, replicas: number, rates: readonly number[]): number[] {
  const share = arrivalRate / replicas;
  const one = [1];
  for (const rate of rates.slice(1)) one.push(((one.at(-1) ?? 0) * share) / rate);
  let others = [1];
  for (let replica = 1; replica < replicas; replica++) others = scaled(convolve(others, one));
  const all = convolve(others, one);
  const withOneFree = convolve(others, one.slice(0, -1));
  return all.slice(1).map((weight, i) => {
    const rate = (arrivalRate * (withOneFree[i] ?? 0)) / weight;
    // Too improbable for its weight to be a number: any rate will do.
    return rate > 0 && Number.isFinite(rate) ? rate : arrivalRate;
  });
}

function convolve(a: readonly number[], b: readonly number[]): number[] {
  const sums = Array.from({ length: a.length + b.length - 1 }, () => 0);
  a.forEach((x, i) => {
    b.forEach((y, j) => (sums[i + j] = (sums[i + j] ?? 0) + x * y));
  });
  return sums;
}

/** Largest weight 1, so that none outgrows the range of a number. */
function scaled(weights: readonly number[]): number[] {
  const largest = weights.reduce((most, weight) => Math.max(most, weight), 0);
  return weights.map((weight) => weight / largest);
}

function delayFactor(input: ContentionInput, utilization: number): number {
  const { cycles = Infinity, serviceTime, replicas, slots } = input;
  const { scv = 1 } = serviceTime;
  const regular = cycles === Infinity ? 1 : 1 - (1 - cycleDispersion(input)) / (2 * cycles);
  if (utilization >= 1 || utilization === 0) return (regular * (1 + scv)) / 2;
  return regular * waitFactor(replicas * slots, utilization * replicas * slots, scv);
}
