import { loadProfile } from '../../config/load-profile.js';
import { busiestRatePerHour } from '../../planning/capacity/day-shape.js';
import { midPoint } from '../../planning/capacity/load-point.js';
import { planCapacity } from '../../planning/capacity/plan-capacity.js';
import type { PlannedLoad } from './expected.js';

/** What the plan for a profile chose, and what it counts on. */
export async function planLoad(
  name: string,
): Promise<{ replicas: number | undefined; slots: number | undefined; plan: PlannedLoad }> {
  const { profile } = await loadProfile(name);
  const point = midPoint(profile);
  const { chosen, target } = planCapacity(profile);
  return {
    replicas: chosen?.replicas,
    slots: chosen?.slots,
    plan: {
      profile: profile.name,
      deployment: chosen ? `${chosen.replicas} × ${chosen.concurrency}` : 'none that works',
      jobsPerHour: busiestRatePerHour(profile, point),
      serviceSeconds: point.serviceTimeMinutes * 60 * (chosen?.stretch ?? 1),
      p95WaitSeconds: target.p95WaitSeconds,
    },
  };
}
