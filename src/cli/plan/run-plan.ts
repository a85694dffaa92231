import { loadProfile, type LoadedProfile } from '../../config/load-profile.js';
import { DswError } from '../../errors.js';
import { EXIT_CODES } from '../../planning/capacity/candidate.js';
import type { PlanResult } from '../../planning/capacity/plan.js';
import type { Profile } from '../../planning/capacity/profile.js';
import { print, printJson } from '../output.js';
import { stack } from './layout.js';
import { PLAN_SCHEMA_VERSION, planLoaded, profileOf, type PlanFlags } from './plan-flags.js';
import { renderPlan } from './render-plan.js';
import { renderUploads, uploadsOf } from './uploads.js';

/** Plans, prints, and returns the exit code. */
export async function runPlan(flags: PlanFlags): Promise<number> {
  if (flags.compare !== undefined) {
    const { comparePlans } = await import('./further-views.js');
    return comparePlans(flags.compare, flags);
  }
  const loaded = await loadProfile(profileOf(flags));
  if (flags.sweep !== undefined) {
    const { sweepPlan } = await import('./further-views.js');
    return sweepPlan(loaded, flags.sweep, flags);
  }
  const result = planLoaded(loaded, flags);
  if (flags.json)
    printJson({ schemaVersion: PLAN_SCHEMA_VERSION, ...withUploads(result, loaded, flags) });
  else print(flags.csv ? await csvOf(result) : await renderText(result, loaded, flags));
  return flags.gate ? gateCode(result) : flags.guide ? 0 : result.exitCode;
}

async function csvOf(result: PlanResult): Promise<string> {
  const { candidatesCsv } = await import('./further-views.js');
  return candidatesCsv(result);
}

async function renderText(
  result: PlanResult,
  { profile }: LoadedProfile,
  flags: PlanFlags,
): Promise<string> {
  if (flags.guide) {
    const { renderGuide } = await import('./further-views.js');
    return renderGuide(result, profile);
  }
  const { documents } = flags;
  return stack([
    renderPlan(result),
    documents === undefined || result.chosen === null
      ? ''
      : renderUploads(uploadsOf(profile, result.chosen, documents)),
    flags.explain ? await explained(result, profile) : '',
  ]);
}

async function explained(result: PlanResult, profile: Profile): Promise<string> {
  const { explainPlan } = await import('./further-views.js');
  return explainPlan(result, profile);
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
