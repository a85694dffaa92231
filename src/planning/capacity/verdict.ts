import { formatSeconds } from '../readable.js';
import type { Candidate, Excuse, Verdict, WaitFigures } from './candidate.js';
import type { Deployment, Profile } from './profile.js';
import { memoryOf } from './resources.js';

/** The first reason that stands against a deployment; undefined when none does. */
export function excuseFor(
  profile: Profile,
  judged: Omit<Candidate, 'verdict'>,
  load: { ratePerHour: number; targetSeconds: number },
): Excuse | undefined {
  const limit = limitExcuse(profile, judged);
  if (limit !== undefined) return limit;
  const { wait, capacityPerHour, backlogGrowthPerHour, memory } = judged;
  const daily = profile.hourlyShape !== undefined || profile.bursts.length > 0;
  if (wait === undefined) {
    const sentence =
      `finishes ${round(capacityPerHour)} documents an hour, ${round(load.ratePerHour)} arrive` +
      `${daily ? ' on the average of a day' : ''}; the backlog grows by ` +
      `${round(backlogGrowthPerHour)} every hour.`;
    return { code: 'unstable', sentence };
  }
  if (wait.p95WaitSeconds > load.targetSeconds) {
    const sentence =
      `p95 wait ${formatSeconds(wait.p95WaitSeconds)}${during(wait)}, above the ` +
      `${formatSeconds(load.targetSeconds)} that are wanted.`;
    return { code: 'missesTarget', sentence };
  }
  const late = judged.queues.find(({ met }) => !met);
  if (late !== undefined) {
    const sentence =
      `${late.queue}: p95 wait ${formatSeconds(late.p95WaitSeconds)}, above its target of ` +
      `${formatSeconds(late.targetP95WaitSeconds ?? 0)}.`;
    return { code: 'missesQueueTarget', sentence };
  }
  if (memory.verdict !== 'risky') return undefined;
  const sentence =
    `needs up to ${round(Math.max(memory.perProcessMb, memory.sharedMb.high))} MB a replica by ` +
    `one guide's model, above the limit of ${memory.limitMb} MB.`;
  return { code: 'memoryRisk', sentence };
}

/** The limit that a deployment breaks, whatever the load is; undefined when it breaks none. */
export function limitExcuse(profile: Profile, deployment: Deployment): Excuse | undefined {
  const { replicas, concurrency } = deployment;
  const { fleet, limits } = profile;
  const memory = memoryOf(profile, concurrency);
  if (memory.verdict === 'tooLarge') {
    const least = {
      shared: memory.sharedMb.high,
      perProcess: memory.perProcessMb,
      bracket: Math.min(memory.sharedMb.high, memory.perProcessMb),
    }[memory.model];
    return {
      code: 'tooMuchMemory',
      sentence: `needs at least ${round(least)} MB a replica; the limit is ${memory.limitMb} MB.`,
    };
  }
  if (replicas > fleet.maxReplicas) {
    const sentence = `${replicas} replicas, above the platform's ${fleet.maxReplicas}.`;
    return { code: 'tooManyReplicas', sentence };
  }
  const redis = replicas * limits.redisConnectionsPerReplica;
  if (redis > limits.redisConnections) {
    const sentence = `opens ${redis} Redis connections; ${limits.redisConnections} are allowed.`;
    return { code: 'tooManyRedisConnections', sentence };
  }
  const database = replicas * concurrency * limits.databaseConnectionsPerSlot;
  if (limits.databaseConnections !== undefined && database > limits.databaseConnections) {
    return {
      code: 'tooManyDatabaseConnections',
      sentence: `opens ${round(database)} database connections; ${limits.databaseConnections} are allowed.`,
    };
  }
  return undefined;
}

/** Most replicas of so many slots that the platform, Redis and the database allow; 0 when none. */
export function mostReplicas({ fleet, limits }: Profile, concurrency: number): number {
  const { redisConnections, redisConnectionsPerReplica } = limits;
  const { databaseConnections = Infinity, databaseConnectionsPerSlot } = limits;
  return Math.floor(
    Math.min(
      fleet.maxReplicas,
      redisConnections / redisConnectionsPerReplica,
      databaseConnections / (databaseConnectionsPerSlot * concurrency),
    ),
  );
}

export function verdictOf(excuse: Excuse | undefined): Verdict {
  if (excuse === undefined || excuse.code === 'memoryRisk') return 'met';
  if (excuse.code === 'unstable') return 'unstable';
  return excuse.code === 'missesTarget' || excuse.code === 'missesQueueTarget'
    ? 'missed'
    : 'infeasible';
}

function round(value: number): string {
  return String(Number(value.toFixed(1)));
}

/** When, if not at any time. */
function during({ during: when }: Pick<WaitFigures, 'during'>): string {
  return when === undefined ? '' : ` in ${when.name}`;
}
