import { simulate, type SimulatedWait, type SimulationResult } from '../simulation/simulate.js';
import {
  serviceTimes,
  type DeploymentWaits,
  type Wait,
  type WaitQuestion,
} from './deployment-waits.js';
import type { LoadPoint } from './load-point.js';
import type { Deployment, Interval, Profile } from './profile.js';

/** The analytic figure beside a simulation of the same deployment. */
export interface Check {
  deployment: Deployment;
  because: string;
  analyticP95WaitSeconds: number;
  /** 95 % confidence interval around the simulated figure. */
  simulatedP95WaitSeconds: Interval;
  jobs: number;
  agree: boolean;
}

/** A simulation beside the formulas, and the waits that hold in the end. */
export interface SimulatedDeployment {
  check: Check;
  waits: DeploymentWaits;
}

const SEED = 1;
/** Milliseconds of one simulation, and how many plain jobs fit in one. */
export const SIMULATION_WORK = 100;
const JOBS_PER_MS = 10_000;
const MOST_JOBS = 400_000;
/** Ten replications, each with a tenth of its jobs to fill the slots. */
const JOBS_PER_SLOT = 100;

/** Why formulas are weak for a deployment: undefined when they are not. */
export function weakness(
  { container, batchSize }: Profile,
  { serviceTimeScv, ratePerHour }: LoadPoint,
  { concurrency }: Deployment,
): string | undefined {
  if (ratePerHour === 0) return undefined;
  if (serviceTimeScv > 1) return 'service times vary more than exponential ones';
  if (concurrency > container.cores) return 'more slots than cores';
  return batchSize > 1 && serviceTimeScv !== 1
    ? 'batches of other than exponential service'
    : undefined;
}

/** Simulates a deployment. Unless the formulas agree with it, the simulation has the last word. */
export function simulatedWaits(
  question: WaitQuestion,
  deployment: Deployment,
  byFormula: DeploymentWaits,
  run: { because: string; jobs: number },
): SimulatedDeployment {
  const result = runSimulation(question, deployment, run.jobs);
  const { p95, jobs } = result;
  const analytic = byFormula.overall?.quantile(0.95) ?? 0;
  const agree = analytic >= p95.low && analytic <= p95.high;
  const check = {
    deployment: { replicas: deployment.replicas, concurrency: deployment.concurrency },
    because: run.because,
    analyticP95WaitSeconds: analytic,
    simulatedP95WaitSeconds: { low: p95.low, mid: p95.value, high: p95.high },
    jobs,
    agree,
  };
  return { check, waits: agree ? byFormula : withSimulated(byFormula, result) };
}

function withSimulated(byFormula: DeploymentWaits, result: SimulationResult): DeploymentWaits {
  return {
    capacityPerHour: byFormula.capacityPerHour,
    busyShare: byFormula.busyShare,
    overall: { ...waitFrom(result), method: 'simulation', exact: false },
    queues: byFormula.queues.map((wait, i) => {
      const simulated = result.classes[i];
      return wait && simulated && waitFrom(simulated);
    }),
  };
}

/** The quantiles that a simulation kept: the next higher one of those. */
function waitFrom({ pWait, mean, p50, p95, p99 }: SimulatedWait): Wait {
  return {
    pWait: pWait.value,
    meanSeconds: mean.value,
    quantile: (p) => (p <= 0.5 ? p50 : p <= 0.95 ? p95 : p99).value,
  };
}

function runSimulation(
  question: WaitQuestion,
  deployment: Deployment,
  jobs: number,
): SimulationResult {
  const { point, ratePerHour, batchSize, cores, shares } = question;
  const { replicas, concurrency } = deployment;
  const rate = ratePerHour / 3600;
  const load = {
    arrivalRate: shares.map((share) => share * rate),
    batchSize,
    serviceTime: serviceTimes(question),
    seed: SEED,
    jobs,
  };
  return concurrency > cores
    ? simulate({ ...load, replicas, slots: concurrency, cores, waitRatio: point.waitRatio })
    : simulate({ ...load, servers: replicas * concurrency });
}

/** Jobs that keep a simulation short; undefined when they would not even fill so many slots. */
export function jobsWithin(
  { cores, shares }: WaitQuestion,
  { replicas, concurrency }: Deployment,
): number | undefined {
  const work = concurrency > cores ? 40 * (1 + replicas / 20) : shares.length > 1 ? 4 : 1;
  const affordable = Math.floor(Math.min(MOST_JOBS, (SIMULATION_WORK * JOBS_PER_MS) / work));
  return affordable < JOBS_PER_SLOT * replicas * concurrency ? undefined : affordable;
}
