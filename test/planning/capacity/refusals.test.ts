import { describe, expect, it } from 'vitest';
import { loadProfile } from '../../../src/config/load-profile.js';
import { planCapacity } from '../../../src/planning/capacity/plan-capacity.js';

const medium = (await loadProfile('medium')).profile;

describe('a load beyond all limits is a quick result with its numbers', () => {
  it.each([0.5, 1, 3])('at wait ratio %d', (waitRatio) => {
    const result = planCapacity({ ...medium, waitRatio, ratePerHour: 2000 });
    expect(result).toMatchObject({ verdict: 'unstable', exitCode: 4 });
    if (result.verdict === 'met') return;
    expect(result.chosen?.backlogGrowthPerHour).toBeGreaterThan(0);
    expect(result.wouldDo?.slots).toBeGreaterThan((2000 * 20) / 60);
    expect(result.wouldDo?.replicas).toBeGreaterThan(medium.fleet.maxReplicas);
  });

  it('says what it left out when a load takes long to work out, and still answers', () => {
    const fleet = { ...medium.fleet, maxReplicas: 100_000 };
    const load = { ratePerHour: 100_000, batchSize: 10_000, serviceTimeScv: 0 };
    const { verdict, chosen, warnings } = planCapacity({ ...medium, ...load, fleet });
    expect(verdict).toBe('unstable');
    expect(chosen?.backlogGrowthPerHour).toBeGreaterThan(0);
    const told = warnings.find(({ code }) => code === 'workCut')?.sentence;
    expect(told).toMatch(/these were left out: .*what would do/);
  });

  it('also when no replica fits in memory', () => {
    const container = { ...medium.container, memoryLimitMb: 500 };
    const result = planCapacity({ ...medium, waitRatio: 3, container });
    expect(result).toMatchObject({ verdict: 'infeasible', exitCode: 4 });
  });
});
