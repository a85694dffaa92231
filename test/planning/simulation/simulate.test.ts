import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  contentionWaitTimes,
  createJobSystem,
  priorityWaitTimes,
  Random,
  simulate,
  waitTime,
  type Estimate,
  type SimulationInput,
} from '../../../src/planning/index.js';
import { readOracle } from '../../support/oracle.js';

/** Whether a value lies in an interval that is stretched, so that one in hundreds of checks may not. */
function expectInside({ value, low, high }: Estimate, expected: number, what: string): void {
  const reach = 2 * Math.max(high - value, value - low);
  expect(Math.abs(expected - value), what).toBeLessThan(reach + 1e-9);
}

describe('simulate', () => {
  it.each([
    ['M/M/12', { arrivalRate: 9.6, serviceTime: { mean: 1 }, servers: 12 }],
    ['M/D/4', { arrivalRate: 3.2, serviceTime: { mean: 1, scv: 0 }, servers: 4 }],
    ['M/M/1', { arrivalRate: 0.7, serviceTime: { mean: 1 }, servers: 1 }],
    ['M^[5]/M/20', { arrivalRate: 14, serviceTime: { mean: 1 }, servers: 20, batchSize: 5 }],
    ['M^[2.5]/M/3', { arrivalRate: 2, serviceTime: { mean: 1 }, servers: 3, batchSize: 2.5 }],
  ])('agrees with the exact %s', (name, input) => {
    const exact = waitTime(input);
    if (!exact.stable || !exact.exact) throw new Error('expected an exact wait');
    const simulated = simulate({ ...input, seed: 5, jobs: 1_000_000 });
    expectInside(simulated.mean, exact.mean, `${name} mean`);
    expectInside(simulated.pWait, exact.pWait, `${name} P(wait)`);
    expectInside(simulated.p95, exact.quantile(0.95), `${name} p95`);
  });

  it.each([
    ['lognormal', 2],
    ['hyperexponential', 4],
    ['erlang', 0.3],
    ['lognormal', 0.5],
  ] as const)('draws %s service with the scv %d that was asked: M/G/1 agrees', (law, scv) => {
    const load = { arrivalRate: 0.6, servers: 1 };
    const exact = waitTime({ ...load, serviceTime: { mean: 1, scv } });
    const simulated = simulate({
      ...load,
      serviceTime: { mean: 1, scv, law },
      seed: 3,
      jobs: 2_000_000,
    });
    expectInside(simulated.mean, exact.stable ? exact.mean : NaN, law);
    expectInside(simulated.pWait, 0.6, law);
  });

  it('agrees with the exact waits of four priority classes', () => {
    const arrivalRates = [2, 4, 2, 1.6];
    const exact = priorityWaitTimes({ arrivalRates, serviceTime: { mean: 1 }, servers: 12 });
    const simulated = simulate({
      arrivalRate: arrivalRates,
      serviceTime: { mean: 1 },
      servers: 12,
      seed: 8,
      jobs: 500_000,
    });
    exact.classes.forEach((wait, i) => {
      const seen = simulated.classes[i];
      if (!wait.stable || seen === undefined) throw new Error('expected a stable class');
      expectInside(seen.mean, wait.mean, `class ${i} mean`);
      expectInside(seen.p95, wait.quantile(0.95), `class ${i} p95`);
    });
  });

  // What the formula assumes, that chance spreads jobs over replicas, is here what happens.
  it.each([
    [1, 4, 2, 0.5, 0.8],
    [4, 4, 2, 0.5, 0.8],
    [10, 4, 1, 0.5, 0.9],
    [3, 3, 1.5, 1, 0.7],
  ])(
    'agrees with the formula for %i replicas of %i slots on %d cores at wait ratio %d, %d busy',
    (replicas, slots, cores, waitRatio, utilization) => {
      const fleet = { replicas, slots, cores, waitRatio, serviceTime: { mean: 1 } };
      const { serviceRate } = contentionWaitTimes({ ...fleet, arrivalRates: [0] });
      const arrivalRate = utilization * serviceRate;
      const formula = contentionWaitTimes({ ...fleet, arrivalRates: [arrivalRate], cycles: 12 });
      const simulated = simulate({ ...fleet, arrivalRate, seed: 4, jobs: 60_000, cycles: 12 });
      const [wait] = formula.classes;
      expect(simulated.utilization).toBeCloseTo(utilization, 12);
      expectInside(simulated.pWait, formula.pWait, 'P(wait)');
      expectInside(simulated.mean, wait?.stable ? wait.mean : NaN, 'mean');
    },
  );

  it('agrees with the reference simulations of M/lognormal/c, within three times the intervals', () => {
    const rows = readOracle('mlognormal_sim') as (Record<string, number> & { id: string })[];
    expect(rows).toHaveLength(113);
    // A spread of those that need no long run; at 2 million jobs each, all 113 agree.
    const spread = rows.filter(({ rho = NaN, c = NaN }) => rho <= 0.8 && c <= 20);
    expect(spread).toHaveLength(46);
    for (const row of spread.filter((_, i) => i % 3 === 0)) {
      const { c = NaN, rho = NaN, scv = NaN } = row;
      const serviceTime = { mean: 1, scv, law: 'lognormal' } as const;
      const result = simulate({
        arrivalRate: rho * c,
        serviceTime,
        servers: c,
        seed: 3,
        jobs: 1e5,
      });
      const inside = ({ value, low, high }: Estimate, field: string): void => {
        const off = Math.abs(value - (row[field] ?? NaN));
        const interval = Math.hypot((high - low) / 2, row[`${field}_ci95`] ?? NaN);
        expect(off, `${row.id} ${field}`).toBeLessThanOrEqual(3 * interval);
      };
      inside(result.mean, 'Wq');
      inside(result.pWait, 'P_wait');
      inside(result.p95, 'wait_q0.95');
    }
  });

  it('gives equal results for equal seeds and others for others', () => {
    const input = { arrivalRate: [3, 1], serviceTime: { mean: 1, scv: 2 }, servers: 5, jobs: 5000 };
    expect(simulate({ ...input, seed: 1 })).toEqual(simulate({ ...input, seed: 1 }));
    expect(simulate({ ...input, seed: 1 })).not.toEqual(simulate({ ...input, seed: 2 }));
  });

  it('waits longer at the top of a day than the mean rate would', () => {
    const load = { arrivalRate: 7, serviceTime: { mean: 1 }, servers: 10, seed: 1, jobs: 200_000 };
    const rateFactors = { cycleSeconds: 400, factors: [0.5, 1, 1.5, 1] };
    const level = simulate(load);
    const swinging = simulate({ ...load, rateFactors });
    expect(swinging.mean.low).toBeGreaterThan(10 * level.mean.high);
  });

  it('reports an overload as unstable, with numbers', () => {
    const result = simulate({
      arrivalRate: 3,
      serviceTime: { mean: 1 },
      servers: 2,
      seed: 1,
      jobs: 3000,
    });
    expect(result).toMatchObject({ stable: false, utilization: 1.5 });
    expect(result.mean.value).toBeGreaterThan(10);
  });

  it('has only finite figures for any valid input', () => {
    const positive = (min: number, max: number): fc.Arbitrary<number> =>
      fc.double({ min, max, noNaN: true });
    const inputs: fc.Arbitrary<SimulationInput> = fc.record({
      arrivalRate: fc.array(positive(1e-6, 100), { minLength: 1, maxLength: 4 }),
      serviceTime: fc.record({ mean: positive(1e-4, 1e4), scv: positive(0, 20) }),
      batchSize: positive(1, 9),
      replicas: fc.integer({ min: 1, max: 4 }),
      slots: fc.integer({ min: 1, max: 5 }),
      cores: positive(0.1, 4),
      waitRatio: positive(0, 4),
      seed: fc.integer(),
      jobs: fc.constant(300),
      replications: fc.constant(3),
    });
    fc.assert(
      fc.property(inputs, (input) => {
        const { mean, p95, pWait } = simulate(input);
        for (const { value, low, high } of [mean, p95, pWait]) {
          expect([value, low, high].every(Number.isFinite)).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    [{ serviceTime: { mean: 1, scv: 4, law: 'erlang' as const }, servers: 2 }, 'serviceTime.law'],
    [{ serviceTime: { mean: 1 }, servers: 0 }, 'servers'],
    [
      { serviceTime: { mean: 1 }, servers: 1, rateFactors: { cycleSeconds: 9, factors: [0] } },
      'largest of rateFactors.factors',
    ],
  ])('refuses %o, naming %s', (input, name) => {
    expect(() => simulate({ arrivalRate: 1, seed: 1, ...input })).toThrow(new RegExp(`^${name}:`));
  });
});

describe('createJobSystem', () => {
  it('shows queue lengths and busy slots as time goes on', () => {
    let started = 0;
    const system = createJobSystem(
      { arrivalRate: [1, 1], serviceTime: { mean: 10, scv: 0 }, servers: 3, seed: 1 },
      new Random(1),
      { started: () => (started += 1) },
    );
    const seen = Array.from({ length: 20 }, (_, i) => {
      system.runUntil(5 * (i + 1));
      return { now: system.now, busy: system.busy, waiting: system.waiting };
    });
    expect(seen.at(-1)).toMatchObject({ now: 100, busy: 3 });
    // Three slots finish 0.3 jobs a second; two arrive.
    expect(seen.at(-1)?.waiting).toBeGreaterThan(100);
    expect(system.queueLengths[0]).toBeLessThan(system.queueLengths[1] ?? 0);
    expect(system.queueLengths.reduce((sum, length) => sum + length, 0)).toBe(system.waiting);
    expect(started).toBeGreaterThan(25);
  });
});
