import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Judge } from '../../../src/planning/capacity/judge.js';
import { planCapacity } from '../../../src/planning/capacity/plan-capacity.js';
import { EXIT_CODES } from '../../../src/planning/capacity/candidate.js';
import { anyProfile } from './any-profile.js';

/** The same profiles each time: a test that draws anew would fail at somebody else's change. */
const DRAWS = { seed: 3, numRuns: 5, endOnFailure: true };

describe('the plan of any valid profile', () => {
  it('is made of finite numbers and true to itself', () => {
    fc.assert(
      fc.property(anyProfile, (profile) => {
        const plan = planCapacity(profile);
        // JSON turns NaN and Infinity into null, which would not compare equal.
        expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
        expect(plan.exitCode).toBe(EXIT_CODES[plan.verdict]);
        expect(plan.chosen?.verdict).toBe(plan.verdict);
        if (plan.verdict !== 'met') return;
        const wait = plan.chosen.wait?.p95WaitSeconds ?? Infinity;
        expect(wait).toBeLessThanOrEqual(plan.target.p95WaitSeconds);
        expect(plan.queues.every(({ met }) => met)).toBe(true);
      }),
      DRAWS,
    );
  });

  it('never lets replicas more wait longer', () => {
    fc.assert(
      fc.property(anyProfile, fc.integer({ min: 1, max: 60 }), (profile, replicas) => {
        const concurrency = Math.ceil(profile.container.cores);
        const waits = [replicas, replicas + 1].map((count) => {
          const judge = new Judge(profile);
          return (
            judge.candidate({ replicas: count, concurrency }).wait?.meanWaitSeconds ?? Infinity
          );
        });
        expect(waits[1]).toBeLessThanOrEqual((waits[0] ?? 0) * (1 + 1e-6) + 1e-9);
      }),
      { ...DRAWS, numRuns: 60 },
    );
  });
});
