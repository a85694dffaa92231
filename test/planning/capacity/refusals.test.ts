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

  it('also when no replica fits in memory', () => {
    const container = { ...medium.container, memoryLimitMb: 500 };
    const result = planCapacity({ ...medium, waitRatio: 3, container });
    expect(result).toMatchObject({ verdict: 'infeasible', exitCode: 4 });
  });
});
