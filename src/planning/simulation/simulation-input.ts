import {
  requireAtLeastOne,
  requireNonNegative,
  requirePositive,
  requireWhole,
} from '../queueing/arguments.js';
import { requireSharedCores } from '../queueing/contention.js';
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
  /** Of a job that runs alone: mean in seconds, scv (default 1), and distribution (default `auto`). */
  serviceTime: { mean: number; scv?: number; law?: ServiceLaw };
  /** A whole number. Equal seeds give equal results. */
  seed: number;
  /** Jobs that are counted, over all replications. Default 1,000,000. */
  jobs?: number;
  /** Independent runs, at least 3. Default 10. */
  replications?: number;
}

export type SimulationInput = SimulatedLoad & ({ servers: number } | SimulatedReplicas);

/** The same with defaults filled in. */
export interface Simulation {
  arrivalRate: number;
  /** Of the jobs, by priority. */
  shares: number[];
  rateFactors: RateFactors | undefined;
  batchSize: number;
  serviceSeconds: number;
  scv: number;
  law: ServiceLaw;
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

export function readSimulation(input: SimulationInput): Simulation {
  const { serviceTime, batchSize = 1, seed, rateFactors } = input;
  const { mean, scv = 1, law = 'auto' } = serviceTime;
  const { jobs = DEFAULT_JOBS, replications = DEFAULT_REPLICATIONS } = input;
  const rates = typeof input.arrivalRate === 'number' ? [input.arrivalRate] : input.arrivalRate;
  rates.forEach((rate) => requireNonNegative('arrivalRate', rate));
  const arrivalRate = rates.reduce((sum, rate) => sum + rate, 0);
  requirePositive('arrivalRate', arrivalRate);
  requirePositive('serviceTime.mean', mean);
  requireNonNegative('serviceTime.scv', scv);
  requireAtLeastOne('batchSize', batchSize);
  requireWhole('replications', replications, 3);
  requireWhole('jobs', jobs, replications);
  requireLaw(law, scv);
  if (rateFactors !== undefined) requireFactors(rateFactors);
  const jobsPerReplication = Math.ceil(jobs / replications);
  const replicas = 'servers' in input ? undefined : readReplicas(input);
  return {
    arrivalRate,
    shares: rates.map((rate) => rate / arrivalRate),
    rateFactors,
    batchSize,
    serviceSeconds: mean,
    scv,
    law,
    seed,
    jobsPerReplication,
    warmUpJobs: Math.ceil(jobsPerReplication * WARM_UP),
    replications,
    servers: 'servers' in input ? readServers(input.servers) : input.replicas * input.slots,
    replicas,
  };
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
