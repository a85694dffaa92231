import { loadProfile, shippedProfiles, type LoadedProfile } from '../../config/load-profile.js';
import { DswError } from '../../errors.js';
import { EXIT_CODES } from '../../planning/capacity/candidate.js';
import type { PlanResult } from '../../planning/capacity/plan.js';
import { planCapacity } from '../../planning/capacity/plan-capacity.js';
import type { Deployment } from '../../planning/capacity/profile.js';
import { print, printJson } from '../output.js';
import { candidatesCsv } from './candidates-csv.js';
import { comparePlans } from './compare.js';
import { explainPlan } from './explain.js';
import { renderGuide } from './guide.js';
import { stack } from './layout.js';
import { renderPlan } from './render-plan.js';
import { sweepPlan } from './sweep.js';
import { renderUploads, uploadsOf } from './uploads.js';

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

/** Plans, prints, and returns the exit code. */
export async function runPlan(flags: PlanFlags): Promise<number> {
  if (flags.compare !== undefined) return comparePlans(flags.compare, flags);
  const loaded = await loadProfile(profileOf(flags));
  if (flags.sweep !== undefined) return sweepPlan(loaded, flags.sweep, flags);
  const result = planLoaded(loaded, flags);
  if (flags.json)
    printJson({ schemaVersion: PLAN_SCHEMA_VERSION, ...withUploads(result, loaded, flags) });
  else if (flags.csv) print(candidatesCsv(result));
  else print(renderText(result, loaded, flags));
  return flags.gate ? gateCode(result) : flags.guide ? 0 : result.exitCode;
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

function renderText(result: PlanResult, { profile }: LoadedProfile, flags: PlanFlags): string {
  if (flags.guide) return renderGuide(result, profile);
  const { documents } = flags;
  return stack([
    renderPlan(result),
    documents === undefined || result.chosen === null
      ? ''
      : renderUploads(uploadsOf(profile, result.chosen, documents)),
    flags.explain ? explainPlan(result, profile) : '',
  ]);
}

function withUploads(
  result: PlanResult,
  { profile }: LoadedProfile,
  { documents }: PlanFlags,
): PlanResult | (PlanResult & { uploads: ReturnType<typeof uploadsOf> }) {
  if (documents === undefined || result.chosen === null) return result;
  return { ...result, uploads: uploadsOf(profile, result.chosen, documents) };
}

/** For CI: what the deployment in use deserves. */
function gateCode({ current }: PlanResult): number {
  if (current === null) {
    throw new DswError('usage', '--gate: expected a profile with "current:", got one without.', {
      hint: 'Add what runs today, such as current: { replicas: 3, concurrency: 4 }.',
    });
  }
  return EXIT_CODES[current.candidate.verdict];
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
