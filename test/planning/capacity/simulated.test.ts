import { describe, expect, it } from 'vitest';
import { loadProfile } from '../../../src/config/load-profile.js';
import { planCapacity } from '../../../src/planning/capacity/plan-capacity.js';
import type { Profile } from '../../../src/planning/capacity/profile.js';

const { current: _, ...medium } = (await loadProfile('medium')).profile;
const varied: Profile = { ...medium, ratePerHour: 30, serviceTimeScv: 9, waitRatio: 0.5 };

/** What formula and simulation say of one deployment. */
function checkOf(deployment: { replicas: number; concurrency: number }, profile: Profile) {
  const { checks, verdict, headline, chosen } = planCapacity(profile, { deployment });
  return { check: checks[0]!, verdict, headline, p95: chosen!.wait!.p95WaitSeconds };
}

describe('a simulation that differs from the formula', () => {
  it('decides the verdict of a given deployment, and is what is told', () => {
    const deployment = { replicas: 5, concurrency: 3 };
    const { check } = checkOf(deployment, varied);
    expect(check.agree).toBe(false);
    const { mid } = check.simulatedP95WaitSeconds;
    const target = (mid + check.analyticP95WaitSeconds) / 2 / 60;
    const judged = checkOf(deployment, { ...varied, target: { p95WaitMinutes: target } });
    expect(judged.p95).toBe(mid);
    expect(judged.verdict).toBe(mid < target * 60 ? 'met' : 'missed');
  });

  it('never leaves an answer that it refutes', () => {
    for (const p95WaitMinutes of [1, 5, 20, 60]) {
      const result = planCapacity({ ...varied, target: { p95WaitMinutes } });
      expect(result.verdict).toBe('met');
      const last = result.checks.at(-1)!;
      expect(last.deployment).toEqual({
        replicas: result.chosen!.replicas,
        concurrency: result.chosen!.concurrency,
      });
      expect(last.agree || last.simulatedP95WaitSeconds.mid <= p95WaitMinutes * 60).toBe(true);
      const chosenRow = result.candidates.find(
        ({ replicas, concurrency }) =>
          replicas === last.deployment.replicas && concurrency === last.deployment.concurrency,
      );
      expect(chosenRow?.wait).toEqual(result.chosen!.wait);
    }
  });
});
