import { shippedProfiles, type LoadedProfile } from '../../config/load-profile.js';
import { DswError } from '../../errors.js';
import type { PlanResult } from '../../planning/capacity/plan.js';
import { planCapacity } from '../../planning/capacity/plan-capacity.js';
import type { Deployment } from '../../planning/capacity/profile.js';

/** Version of what `--json` prints: higher when a field goes or changes its meaning. */
export const PLAN_SCHEMA_VERSION = 1;

export interface PlanFlags {
  profile?: string;
  replicas?: number;
  concurrency?: number;
  documents?: number;
  compare?: string[];
  sweep?: string;
  explain?: boolean;
  gate?: boolean;
  guide?: boolean;
  json?: boolean;
  csv?: boolean;
}

/** @throws DswError `usage` without one. */
export function profileOf({ profile = '' }: PlanFlags): string {
  if (profile !== '') return profile;
  throw new DswError(
    'usage',
    `--profile: expected ${shippedProfiles().join(', ')} or a YAML file, got nothing`,
    { hint: 'For example: dsw plan --profile medium. Your own: dsw profile init' },
  );
}

/** A plan for a profile, or the judgement of the deployment that the flags name. */
export function planLoaded(
  { profile, sources }: LoadedProfile,
  { replicas, concurrency }: Pick<PlanFlags, 'replicas' | 'concurrency'>,
): PlanResult {
  if (replicas === undefined && concurrency === undefined)
    return planCapacity(profile, { sources });
  if (replicas !== undefined && concurrency !== undefined) {
    return planCapacity(profile, { sources, deployment: { replicas, concurrency } });
  }
  // One of the two given: the best of those that have it.
  const fleet = { ...profile.fleet };
  if (concurrency !== undefined) fleet.concurrency = concurrency;
  if (replicas !== undefined) fleet.minReplicas = fleet.maxReplicas = replicas;
  return planCapacity({ ...profile, fleet }, { sources });
}

/**
 * `3x4` → three replicas of four slots; undefined for what is no such pair.
 * @throws DswError `usage` for one that can't be.
 */
export function parseDeployment(text: string): Deployment | undefined {
  const match = /^(\d+)[x×](\d+)$/.exec(text);
  if (!match) return undefined;
  const [replicas = 0, concurrency = 0] = match.slice(1).map(Number);
  if ([replicas, concurrency].every((count) => count >= 1 && count <= 100_000))
    return { replicas, concurrency };
  throw new DswError(
    'usage',
    `--compare: expected replicas × slots from 1x1 to 100000x100000, got "${text}".`,
  );
}
