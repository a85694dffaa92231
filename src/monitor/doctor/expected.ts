import type { Settings } from '../../config/settings.js';

/** What there should be, and what should happen, as far as anybody said. */
export interface Expected {
  workers: number | undefined;
  slots: number | undefined;
  /** What the plan of `expected.profile` counts on. */
  plan: PlannedLoad | undefined;
}

export interface PlannedLoad {
  /** What it is the plan of. */
  profile: string;
  /** "4 × 4": replicas and slots of each. */
  deployment: string;
  /** Jobs an hour at the busiest moment of the day. */
  jobsPerHour: number;
  /** Mean service time with all slots busy. */
  serviceSeconds: number;
  /** Longest 95th percentile of the wait that was asked for. */
  p95WaitSeconds: number;
}

/**
 * What dsw.yaml expects: its numbers, and where it gives none those of the plan for `expected.profile`.
 * @throws DswError `config` when there is no such profile, or it is unusable.
 */
export async function readExpected({ expected }: Pick<Settings, 'expected'>): Promise<Expected> {
  const { workers, slots, profile } = expected;
  if (profile === undefined) return { workers, slots, plan: undefined };
  const { planLoad } = await import('./planned-load.js');
  const { replicas, slots: planned, plan } = await planLoad(profile);
  return { workers: workers ?? replicas, slots: slots ?? planned, plan };
}
