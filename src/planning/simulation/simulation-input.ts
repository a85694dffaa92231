import {
  requireAtLeastOne,
  requireNonNegative,
  requirePositive,
  requireWhole,
} from '../queueing/arguments.js';
import { requireSharedCores, throughputOf } from '../queueing/contention.js';
import { mixedService } from '../queueing/service-mix.js';
import type { ServiceTime } from '../queueing/waiting-time.js';
import { DswError } from '../../errors.js';
import type { RateFactors } from './arrivals.js';
import type { ServiceLaw } from './service-law.js';

/** Slots of replicas that share their cores. */
export interface SimulatedReplicas {
  replicas: number;
  /** Slots of one replica. */
  slots: number;
  /** Cores of one replica. */
  cores: number;
  /** I/O wait time over CPU time of one job that runs alone. */
  waitRatio: number;
  /** Mean number of I/O waits in one job, if it has any. Default 10. */
  cycles?: number;
}

interface SimulatedLoad {
  /** Jobs per second; of each priority class, most urgent first, when there are several. */
  arrivalRate: number | readonly number[];
  /** How the rate goes up and down. Default: not at all. */
  rateFactors?: RateFactors;
  /** Mean jobs that arrive at once, at least 1. Default 1. */
  batchSize?: number;
  /**
   * Of a job that runs alone: mean in seconds, scv (default 1), and distribution (default `auto`); of
   * all priority classes, or of each.
   */
  serviceTime: SimulatedService | readonly SimulatedService[];
  /** A whole number. Equal seeds give equal results. */
  seed: number;
  /**
   * Jobs that are counted, over all replications; near full use a short run is lengthened to up to
   * 100,000 each. Default 1,000,000.
   */
  jobs?: number;
  /** Independent runs, at least 3. Default 10. */
  replications?: number;
}

type SimulatedService = ServiceTime & { law?: ServiceLaw };

export type SimulationInput = SimulatedLoad & ({ servers: number } | SimulatedReplicas);

/** The same with defaults filled in. */
export interface Simulation {
  arrivalRate: number;
  /** Of the jobs, by priority. */
  shares: number[];
  rateFactors: RateFactors | undefined;
  batchSize: number;
  /** Mean over all jobs. */
  serviceSeconds: number;
  /** Of each priority class, or of all. */
  services: Required<SimulatedService>[];
  /** Arrival rate over the rate at which busy slots finish jobs. */
  utilization: number;
  seed: number;
  jobsPerReplication: number;
  /** Jobs of each replication that fill the system before any is counted. */
  warmUpJobs: number;
  replications: number;
  servers: number;
  replicas: Required<SimulatedReplicas> | undefined;
}

const DEFAULT_JOBS = 1_000_000;
const DEFAULT_REPLICATIONS = 10;
const DEFAULT_CYCLES = 10;
/** Share of the jobs. */
const WARM_UP = 0.1;
/** Relaxation times in which the start from an empty system is forgotten, to 2 %. */
const FORGOTTEN_AFTER = 4;
/** Relaxation times of one replication, so that its figures are nearly normal. */
const LEAST_LENGTH = 60;
/** Jobs up to which a short replication is lengthened. */
const MOST_LENGTHENED = 100_000;

export function readSimulation(input: SimulationInput): Simulation {
  const { serviceTime, batchSize = 1, seed, rateFactors } = input;
  const { jobs = DEFAULT_JOBS, replications = DEFAULT_REPLICATIONS } = input;
  const rates = typeof input.arrivalRate === 'number' ? [input.arrivalRate] : input.arrivalRate;
  rates.forEach((rate) => requireNonNegative('arrivalRate', rate));
  const arrivalRate = rates.reduce((sum, rate) => sum + rate, 0);
  requirePositive('arrivalRate', arrivalRate);
  const { mean, scv } = mixedService(rates, serviceTime);
  requireAtLeastOne('batchSize', batchSize);
  requireWhole('seed', seed, -Number.MAX_SAFE_INTEGER);
  requireWhole('replications', replications, 3);
  requireWhole('jobs', jobs, replications);
  const services = [serviceTime].flat().map(readService);
  if (rateFactors !== undefined) requireFactors(rateFactors);
  const replicas = 'servers' in input ? undefined : readReplicas(input);
  const servers = 'servers' in input ? readServers(input.servers) : input.replicas * input.slots;
  const utilization = arrivalRate / serviceRate(servers, replicas, mean);
  return {
    arrivalRate,
    shares: rates.map((rate) => rate / arrivalRate),
    rateFactors,
    batchSize,
    serviceSeconds: mean,
    services,
    utilization,
    seed,
    ...lengthsOf(Math.ceil(jobs / replications), utilization, (batchSize * (1 + scv)) / 2),
    replications,
    servers,
    replicas,
  };
}

/**
 * Jobs of one replication. Near full use waits remember each other for so long that a short run tells
 * little, and thinks that it tells more: it is lengthened. A relaxation time is that of M/M/1, which
 * bounds that of more servers (Abate and Whitt 1987), times the size of a step.
 */
function lengthsOf(
  asked: number,
  utilization: number,
  step: number,
): Pick<Simulation, 'jobsPerReplication' | 'warmUpJobs'> {
  const relaxation = utilization < 1 ? step / (1 - Math.sqrt(utilization)) ** 2 : 0;
  const jobs = Math.max(asked, Math.ceil(Math.min(MOST_LENGTHENED, LEAST_LENGTH * relaxation)));
  const warmUp = Math.max(WARM_UP * jobs, Math.min(jobs, FORGOTTEN_AFTER * relaxation));
  return { jobsPerReplication: jobs, warmUpJobs: Math.ceil(warmUp) };
}

/** Jobs per second with all slots busy. */
function serviceRate(
  servers: number,
  shared: Required<SimulatedReplicas> | undefined,
  serviceSeconds: number,
): number {
  if (shared === undefined) return servers / serviceSeconds;
  const { replicas, slots, cores, waitRatio } = shared;
  return (replicas * throughputOf(slots, cores, waitRatio) * (1 + waitRatio)) / serviceSeconds;
}

function readServers(servers: number): number {
  requireWhole('servers', servers);
  return servers;
}

function readReplicas(input: SimulatedReplicas): Required<SimulatedReplicas> {
  const { replicas, slots, cores, waitRatio, cycles = DEFAULT_CYCLES } = input;
  requireWhole('replicas', replicas);
  requireSharedCores(input);
  requireAtLeastOne('cycles', cycles);
  return { replicas, slots, cores, waitRatio, cycles };
}

function requireFactors({ cycleSeconds, factors }: RateFactors): void {
  requirePositive('rateFactors.cycleSeconds', cycleSeconds);
  factors.forEach((factor, i) => requireNonNegative(`rateFactors.factors[${i}]`, factor));
  requirePositive('largest of rateFactors.factors', Math.max(0, ...factors));
}

function readService({
  mean,
  scv = 1,
  law = 'auto',
}: SimulatedService): Required<SimulatedService> {
  requireLaw(law, scv);
  return { mean, scv, law };
}

function requireLaw(law: ServiceLaw, scv: number): void {
  const fits =
    law === 'auto' ||
    (law === 'deterministic' && scv === 0) ||
    (law === 'exponential' && scv === 1) ||
    (law === 'erlang' && scv > 0 && scv <= 1) ||
    (law === 'lognormal' && scv > 0) ||
    (law === 'hyperexponential' && scv >= 1);
  if (!fits) {
    throw new DswError('usage', `serviceTime.law: ${law} service can't have an scv of ${scv}.`);
  }
}
