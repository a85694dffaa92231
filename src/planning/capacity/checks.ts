import { simulateStretch } from '../simulation/simulate-stretch.js';
import { simulate } from '../simulation/simulate.js';
import type { SimulatedWait } from '../simulation/simulated-wait.js';
import type { SimulationInput } from '../simulation/simulation-input.js';
import type { DeploymentWaits, Wait, WaitQuestion } from './deployment-waits.js';
import type { LoadPoint } from './load-point.js';
import type { Deployment, Interval, Profile } from './profile.js';
import { serviceTimes } from './steady-waits.js';
import { stretchSimulation } from './stretch-simulation.js';

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
  { serviceTimeScv }: LoadPoint,
  { concurrency }: Deployment,
  { overall, queues }: DeploymentWaits,
): string | undefined {
  if (overall === undefined || overall.meanSeconds === 0) return undefined;
  const changing = overall.during !== undefined && (!overall.exact || queues.length > 1);
  const reasons = [
    ...(serviceTimeScv > 1 ? ['service times vary more than exponential ones'] : []),
    ...(concurrency > container.cores ? ['more slots than cores'] : []),
    ...(batchSize > 1 && serviceTimeScv !== 1 ? ['batches of other than exponential service'] : []),
    ...(changing ? [overall.during?.burst ? 'a burst' : 'hours of overload'] : []),
  ];
  return reasons.length === 0 ? undefined : reasons.join(', ');
}

/**
 * Simulates a deployment. Unless the formulas agree with it, the simulation has the last word.
 * @returns undefined when a short simulation would tell too little of so many slots.
 */
export function simulatedWaits(
  question: WaitQuestion,
  deployment: Deployment,
  byFormula: DeploymentWaits,
  because: string,
): SimulatedDeployment | undefined {
  const result = runSimulation(question, deployment, byFormula);
  if (result === undefined) return undefined;
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

function withSimulated(byFormula: DeploymentWaits, result: SimulatedWaits): DeploymentWaits {
  const { capacityPerHour, busyShare, residenceSeconds, overall } = byFormula;
  const { during } = overall ?? {};
  return {
    capacityPerHour,
    busyShare,
    residenceSeconds,
    overall: { ...waitFrom(result), method: 'simulation', exact: false, ...(during && { during }) },
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

interface SimulatedWaits extends SimulatedWait {
  classes: SimulatedWait[];
  jobs: number;
}

function runSimulation(
  question: WaitQuestion,
  deployment: Deployment,
  byFormula: DeploymentWaits,
): SimulatedWaits | undefined {
  const load = (jobsPerSecond: number): SimulationInput =>
    simulationInput(question, deployment, jobsPerSecond);
  const { capacityPerHour, overall } = byFormula;
  if (overall?.during !== undefined) {
    const followed = { ...overall, during: overall.during };
    const jobs = affordableJobs(question, deployment, 'by events');
    const simulation = stretchSimulation(question, load, capacityPerHour, followed, jobs);
    return simulation && simulateStretch(simulation);
  }
  const jobs = affordableJobs(question, deployment);
  const enough = jobs >= JOBS_PER_SLOT * deployment.replicas * deployment.concurrency;
  return enough ? simulate({ ...load(question.ratePerHour / 3600), jobs }) : undefined;
}

function simulationInput(
  question: WaitQuestion,
  { replicas, concurrency }: Deployment,
  jobsPerSecond: number,
): SimulationInput {
  const { point, batchSize, cores, shares } = question;
  const load = {
    arrivalRate: shares.map((share) => share * jobsPerSecond),
    batchSize,
    serviceTime: serviceTimes(question),
    seed: SEED,
  };
  return concurrency > cores
    ? { ...load, replicas, slots: concurrency, cores, waitRatio: point.waitRatio }
    : { ...load, servers: replicas * concurrency };
}

/** Jobs that keep a simulation short. */
function affordableJobs(
  { cores, shares }: WaitQuestion,
  { replicas, concurrency }: Deployment,
  way?: 'by events',
): number {
  const plain = shares.length > 1 || way === 'by events' ? 4 : 1;
  const work = concurrency > cores ? 40 * (1 + replicas / 20) : plain;
  return Math.floor(Math.min(MOST_JOBS, (SIMULATION_WORK * JOBS_PER_MS) / work));
}
