import { fluidBacklog } from '../queueing/burst-backlog.js';
import type { Candidate } from './candidate.js';
import { midPoint } from './load-point.js';
import type { Profile } from './profile.js';

export interface BurstReport {
  atHour: number;
  minutes: number;
  ratePerHour: number;
  /** Most jobs that wait, as a flow; 0 when the slots keep up. */
  peakBacklog: number;
  /** From its start until its backlog is gone; absent when it never is before the next. */
  backlogMinutes?: number;
  longestWaitSeconds: number;
}

/** What each burst does to a deployment. */
export function burstReports(profile: Profile, chosen: Candidate): BurstReport[] {
  const { ratePerHour } = midPoint(profile);
  return profile.bursts.map((burst) => {
    const { peakJobs, drainSeconds, longestWaitSeconds } = fluidBacklog({
      servers: chosen.slots,
      serviceSeconds: (chosen.slots * 3600) / chosen.capacityPerHour,
      baseRate: ratePerHour / 3600,
      burstRate: burst.ratePerHour / 3600,
      burstSeconds: burst.minutes * 60,
    });
    return {
      ...burst,
      peakBacklog: peakJobs,
      ...(drainSeconds !== undefined && { backlogMinutes: burst.minutes + drainSeconds / 60 }),
      longestWaitSeconds,
    };
  });
}
