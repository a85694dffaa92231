import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deploymentWaits } from '../../../src/planning/capacity/deployment-waits.js';
import { Judge } from '../../../src/planning/capacity/judge.js';
import { withinByBounds } from '../../../src/planning/capacity/wait-bounds.js';
import { profileSchema } from '../../../src/config/profile-schema.js';

const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });

it('bounds of a wait never tell otherwise than the exact queue, and mostly tell', () => {
  let told = 0;
  let asked = 0;
  const load = fc.record({
    replicas: fc.integer({ min: 1, max: 30 }),
    concurrency: fc.integer({ min: 1, max: 4 }),
    busy: share,
    scv: fc.oneof(
      share,
      share.map((part) => 1 / part),
    ),
    target: share.map((part) => 20 * part ** 3),
  });
  fc.assert(
    fc.property(load, ({ replicas, concurrency, busy, scv, target }) => {
      const deployment = { replicas, concurrency };
      const ratePerHour = 3 * busy * replicas * concurrency;
      const profile = { ratePerHour, serviceTimeMinutes: 20, serviceTimeScv: scv };
      const question = new Judge(profileSchema.parse(profile)).question();
      const byBounds = withinByBounds(question, deployment, 60 * target);
      asked += 1;
      if (byBounds === undefined) return;
      told += 1;
      const p95 = deploymentWaits(question, deployment).overall?.quantile(0.95) ?? Infinity;
      expect(byBounds).toBe(p95 <= 60 * target);
    }),
    { numRuns: 300, seed: 3 },
  );
  expect(told).toBeGreaterThan(asked / 2);
});
