import { simulate } from '../simulation/simulate.js';
import { busiestRatePerHour, type LoadPoint } from './load-point.js';
import type { Candidate, Check } from './plan.js';
import type { Profile } from './profile.js';

/** Keeps a simulation well below a second. */
const JOBS = { plainServers: 400_000, sharedCores: 40_000 };
const SEED = 1;

/**
 * Simulates a deployment where the formulas are known to be weak: service times that vary more than
 * exponential ones, slots that share cores, batches of other than exponential service.
 */
export function checkBySimulation(
  profile: Profile,
  point: LoadPoint,
  candidate: Candidate,
): Check | undefined {
  const because = weakness(profile, point, candidate);
  if (because === undefined || candidate.wait === undefined) return undefined;
  // No wait turns what can't be run into an answer.
  if (candidate.verdict === 'infeasible') return undefined;
  const shared = candidate.concurrency > profile.container.cores;
  const { replicas, concurrency, slots } = candidate;
  const load = {
    arrivalRate: busiestRatePerHour(profile, point) / 3600,
    batchSize: profile.batchSize,
    serviceTime: { mean: point.serviceTimeMinutes * 60, scv: point.serviceTimeScv },
    seed: SEED,
  };
  const { p95, jobs } = shared
    ? simulate({
        ...load,
        replicas,
        slots: concurrency,
        cores: profile.container.cores,
        waitRatio: point.waitRatio,
        jobs: JOBS.sharedCores,
      })
    : simulate({ ...load, servers: slots, jobs: JOBS.plainServers });
  const analyticP95WaitSeconds = candidate.wait.p95WaitSeconds;
  return {
    deployment: { replicas, concurrency },
    because,
    analyticP95WaitSeconds,
    simulatedP95WaitSeconds: { low: p95.low, mid: p95.value, high: p95.high },
    jobs,
    agree: analyticP95WaitSeconds >= p95.low && analyticP95WaitSeconds <= p95.high,
  };
}

function weakness(
  { container, batchSize }: Profile,
  { serviceTimeScv, ratePerHour }: LoadPoint,
  { concurrency }: Candidate,
): string | undefined {
  if (ratePerHour === 0) return undefined;
  if (serviceTimeScv > 1) return 'service times vary more than exponential ones';
  if (concurrency > container.cores) return 'more slots than cores';
  return batchSize > 1 && serviceTimeScv !== 1
    ? 'batches of other than exponential service'
    : undefined;
}
