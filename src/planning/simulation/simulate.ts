import { ArrivalStream } from './arrivals.js';
import { EqualServers } from './equal-servers.js';
import { simulateInOrder } from './in-order.js';
import { JobSystem, type SystemObserver } from './job-system.js';
import { Random } from './random.js';
import { serviceSampler } from './service-law.js';
import { SharedCoreFleet } from './shared-core-fleet.js';
import { SharedCoreReplica } from './shared-core-replica.js';
import { readSimulation, type Simulation, type SimulationInput } from './simulation-input.js';
import { summarizeRuns, type SimulatedWait } from './simulated-wait.js';
import type { Station } from './station.js';
import { WaitStatistics } from './wait-statistics.js';

export interface SimulationResult extends SimulatedWait {
  method: 'simulation';
  /** Whether the load is below what the slots finish. When it is not, waits grow with the run. */
  stable: boolean;
  /** Mean arrival rate over the rate at which busy slots finish jobs. */
  utilization: number;
  /** By priority, most urgent first. */
  classes: SimulatedWait[];
  seed: number;
  jobs: number;
  replications: number;
}

/**
 * Simulates jobs that arrive at random, singly or in batches, at a steady or changing rate, in queues
 * of different priority, at equal servers or at replicas whose slots share cores. The start from an
 * empty system is not counted.
 * @throws DswError for arguments that can't be.
 */
export function simulate(input: SimulationInput): SimulationResult {
  const simulation = readSimulation(input);
  const runs = Array.from({ length: simulation.replications }, (_, run) =>
    runOnce(simulation, run),
  );
  const { utilization } = simulation;
  return {
    method: 'simulation',
    stable: utilization < 1,
    utilization,
    ...summarizeRuns(runs.map(({ all }) => all)),
    classes: simulation.shares.map((_, priority) =>
      summarizeRuns(runs.map(({ all, classes }) => classes[priority] ?? all)),
    ),
    seed: simulation.seed,
    jobs: simulation.jobsPerReplication * simulation.replications,
    replications: simulation.replications,
  };
}

/** The queues and slots of a simulation, empty, to be driven event by event. */
export function createJobSystem(
  input: SimulationInput,
  random: Random,
  observer: SystemObserver,
): JobSystem {
  return buildSystem(readSimulation(input), random, observer, Infinity);
}

interface Run {
  all: WaitStatistics;
  classes: WaitStatistics[];
}

function runOnce(simulation: Simulation, run: number): Run {
  const random = new Random(simulation.seed, run);
  const { shares, replicas } = simulation;
  return shares.length === 1 && replicas === undefined
    ? runInOrder(simulation, random)
    : runByEvents(simulation, random);
}

function runInOrder(simulation: Simulation, random: Random): Run {
  const { servers, jobsPerReplication, warmUpJobs } = simulation;
  const all = new WaitStatistics(simulation.serviceSeconds);
  const sample = samplerOf(simulation, random);
  const service = (): number => sample(0);
  const arrivals = arrivalsOf(simulation, random, warmUpJobs + jobsPerReplication);
  simulateInOrder(arrivals, service, servers, jobsPerReplication, warmUpJobs, all);
  return { all, classes: [all] };
}

function runByEvents(simulation: Simulation, random: Random): Run {
  const { jobsPerReplication, serviceSeconds, shares, warmUpJobs } = simulation;
  const all = new WaitStatistics(serviceSeconds);
  const classes = shares.map(() => new WaitStatistics(serviceSeconds));
  let ahead = warmUpJobs;
  const observer: SystemObserver = {
    started(priority, arrivedAt, startedAt) {
      if (ahead-- > 0) return;
      all.add(startedAt - arrivedAt);
      classes[priority]?.add(startedAt - arrivedAt);
    },
  };
  const system = buildSystem(simulation, random, observer, warmUpJobs + jobsPerReplication);
  while (all.count < jobsPerReplication) system.step();
  return { all, classes };
}

function buildSystem(
  simulation: Simulation,
  random: Random,
  observer: SystemObserver,
  jobs: number,
): JobSystem {
  const station = stationOf(simulation, random);
  const arrivals = arrivalsOf(simulation, random, jobs);
  return new JobSystem(arrivals, station, simulation.shares, random, observer);
}

function stationOf(simulation: Simulation, random: Random): Station {
  const { replicas: shared, serviceSeconds, servers } = simulation;
  if (shared === undefined) {
    return new EqualServers(servers, samplerOf(simulation, random));
  }
  const { replicas, slots, cores, waitRatio, cycles } = shared;
  const seconds = samplerOf(simulation, random);
  const job = {
    cpuSeconds: (priority: number) => seconds(priority) / (1 + waitRatio),
    waitRatio,
    cpuTurnSeconds: serviceSeconds / (1 + waitRatio) / cycles,
  };
  const create = (): SharedCoreReplica => new SharedCoreReplica(slots, cores, job, random);
  return new SharedCoreFleet([create(), ...Array.from({ length: replicas - 1 }, create)], random);
}

function arrivalsOf(simulation: Simulation, random: Random, jobs: number): ArrivalStream {
  const { arrivalRate, batchSize, rateFactors } = simulation;
  return new ArrivalStream(random, arrivalRate, batchSize, rateFactors, jobs);
}

/** Samples the seconds that a job of a priority takes alone. */
function samplerOf({ services }: Simulation, random: Random): (priority: number) => number {
  const samplers = services.map(({ law, scv, mean }) => {
    const sample = serviceSampler(law, scv, random);
    return () => mean * sample();
  });
  const [only] = samplers;
  if (samplers.length === 1 && only !== undefined) return only;
  return (priority) => samplers[priority]?.() ?? 0;
}
