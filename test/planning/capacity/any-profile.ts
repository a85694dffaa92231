import fc from 'fast-check';
import { profileSchema } from '../../../src/config/profile-schema.js';
import type { Profile, Quantity } from '../../../src/planning/capacity/profile.js';

/** Numbers spread evenly over orders of magnitude. */
function logarithmic(low: number, high: number): fc.Arbitrary<number> {
  // Of doubles themselves most lie next to 0, which would make most numbers 1.
  return fc
    .noBias(fc.integer({ min: 0, max: 1000 }))
    .map((part) => Math.min(high, Math.max(low, low * (high / low) ** (part / 1000))));
}

function quantity(low: number, high: number): fc.Arbitrary<Quantity> {
  const one = logarithmic(low, high);
  const interval = fc
    .tuple(one, one, one)
    .map((three) => three.sort((a, b) => a - b))
    .map(([least, mid, most]) => ({ low: least, mid, high: most }));
  return fc.oneof({ weight: 3, arbitrary: one }, { weight: 1, arbitrary: interval });
}

const deployment = fc.record({
  replicas: fc.integer({ min: 1, max: 200 }),
  concurrency: fc.integer({ min: 1, max: 64 }),
});

const queues = fc.constantFrom(
  { default: { share: 1 } },
  {
    high_priority: { share: 0.2, p95WaitMinutes: 2 },
    default: { share: 0.5 },
    low_priority: { share: 0.2 },
    maintenance: { share: 0.1 },
  },
  {
    high_priority: { share: 0.3, serviceTimeMinutes: 0.5, serviceTimeScv: 0 },
    low_priority: { share: 0.7, p95WaitMinutes: 60 },
  },
);

const burst = fc.record({
  atHour: fc.integer({ min: 0, max: 23 }),
  minutes: fc.integer({ min: 1, max: 300 }),
  ratePerHour: logarithmic(1, 1e4),
});

/** Valid profiles, the odd ones included. */
export const anyProfile: fc.Arbitrary<Profile> = fc
  .record(
    {
      ratePerHour: fc.oneof(quantity(0.01, 1e5), fc.constant(0)),
      serviceTimeMinutes: quantity(1e-3, 1e3),
      serviceTimeScv: fc.oneof(quantity(0.01, 20), fc.constantFrom(0, 1)),
      waitRatio: fc.oneof(quantity(0.01, 100), fc.constantFrom(0, 0.5)),
      batchSize: fc.oneof(fc.constant(1), logarithmic(1, 500)),
      hourlyShape: fc.array(logarithmic(0.01, 10), { minLength: 24, maxLength: 24 }),
      bursts: fc.array(burst, { maxLength: 3 }),
      queues,
      container: fc.record({
        cores: fc.oneof(logarithmic(0.1, 128), fc.integer({ min: 1, max: 16 })),
        memoryLimitMb: logarithmic(300, 1e6),
      }),
      fleet: fc.record({ maxReplicas: fc.integer({ min: 1, max: 2000 }) }),
      target: fc.record(
        { p95WaitMinutes: logarithmic(1e-3, 1e3), confidence: fc.constantFrom(0.5, 0.9) },
        { requiredKeys: [] },
      ),
      current: deployment,
    },
    { requiredKeys: ['ratePerHour', 'serviceTimeMinutes'] },
  )
  .map((given) => profileSchema.parse(given));
