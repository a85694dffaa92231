import { simulate, type SimulatedWait, type SimulationResult } from '../simulation/simulate.js';
import type { DeploymentWaits, Wait, WaitQuestion } from './deployment-waits.js';
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
/** Work of one simulation, in the time that a plain job takes: a tenth of a microsecond. */
const MOST_WORK = 1.5e6;
const MOST_JOBS = 400_000;
/** Fewer jobs tell too little of the slowest twentieth. */
const FEWEST_JOBS = 4000;

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
  because: string,
): SimulatedDeployment {
  const result = runSimulation(question, deployment);
  const { p95, jobs } = result;
  const analytic = byFormula.overall?.quantile(0.95) ?? 0;
  const agree = analytic >= p95.low && analytic <= p95.high;
  const check = {
    deployment: { replicas: deployment.replicas, concurrency: deployment.concurrency },
    because,
    analyticP95WaitSeconds: analytic,
    simulatedP95WaitSeconds: { low: p95.low, mid: p95.value, high: p95.high },
    jobs,
    agree,
  };
  return { check, waits: agree ? byFormula : withSimulated(byFormula, result) };
}

function withSimulated(byFormula: DeploymentWaits, result: SimulationResult): DeploymentWaits {
  return {
    ...byFormula,
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

function runSimulation(question: WaitQuestion, deployment: Deployment): SimulationResult {
  const { point, ratePerHour, batchSize, cores, shares } = question;
  const { replicas, concurrency } = deployment;
  const rate = ratePerHour / 3600;
  const load = {
    arrivalRate: shares.map((share) => share * rate),
    batchSize,
    serviceTime: { mean: point.serviceTimeMinutes * 60, scv: point.serviceTimeScv },
    seed: SEED,
    jobs: jobsWithin(question, deployment),
  };
  return concurrency > cores
    ? simulate({ ...load, replicas, slots: concurrency, cores, waitRatio: point.waitRatio })
    : simulate({ ...load, servers: replicas * concurrency });
}

/** Jobs that keep a simulation short. */
function jobsWithin(
  { cores, shares }: WaitQuestion,
  { replicas, concurrency }: Deployment,
): number {
  const turns = concurrency > cores ? 40 * (1 + replicas / 20) : shares.length > 1 ? 4 : 1;
  return Math.floor(Math.max(FEWEST_JOBS, Math.min(MOST_JOBS, MOST_WORK / turns)));
}
