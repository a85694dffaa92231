import { describe, expect, it } from 'vitest';
import {
  fewestServers,
  guideConcurrency,
  highestUtilization,
  simulate,
  waitTime,
  type WaitTarget,
} from '../../../src/planning/index.js';
import { readOracle, relativeError } from '../../support/oracle.js';

interface InverseRow {
  a: string;
  results: { target: string; c: number }[];
}

type BandRow = Record<string, number | { P_wait: number; p95_wait_S: number }> & { slots: number };

/** The target that a reference value states, times in units of the service time. */
function parseTarget(text: string): WaitTarget {
  const numbers = [...text.matchAll(/\d+(\.\d+)?/g)].map(([number]) => Number(number));
  const [first = NaN, second = NaN] = numbers;
  if (text.startsWith('P(wait)<=')) return { kind: 'waitProbability', most: first };
  if (text.startsWith('E[Wq]<=')) return { kind: 'meanWait', mostSeconds: first };
  return { kind: 'waitQuantile', mostSeconds: first, p: second };
}

describe('fewestServers', () => {
  it('is the reference integer for every target', () => {
    const cases = (readOracle('staffing_inverse') as InverseRow[]).flatMap(({ a, results }) =>
      results.map((result) => ({ load: Number(a), ...result })),
    );
    expect(cases).toHaveLength(126);
    const off = cases.filter(
      ({ load, target, c }) =>
        fewestServers({ arrivalRate: load, serviceSeconds: 1 }, parseTarget(target)) !== c,
    );
    expect(off).toEqual([]);
  });

  it('is one more than the load for a target that every stable queue meets', () => {
    const load = { arrivalRate: 10, serviceSeconds: 1 };
    expect(fewestServers(load, { kind: 'waitProbability', most: 1 })).toBe(11);
  });

  it('is one for no load', () => {
    const load = { arrivalRate: 0, serviceSeconds: 1 };
    expect(fewestServers(load, { kind: 'waitProbability', most: 0 })).toBe(1);
  });
});

describe('highestUtilization', () => {
  it('matches the reference bands to 1e-4', () => {
    const rows = readOracle('bands') as BandRow[];
    const cases = rows.flatMap((row) =>
      [0.05, 0.25, 1].map((mostSeconds) => ({
        slots: row.slots,
        mostSeconds,
        expected: Number(row[`p95_wait<=${mostSeconds}S`]),
      })),
    );
    expect(cases).toHaveLength(42);
    for (const { slots, mostSeconds, expected } of cases) {
      const target = { kind: 'waitQuantile', p: 0.95, mostSeconds } as const;
      expect(Math.abs(highestUtilization(slots, 1, target) - expected)).toBeLessThan(1e-4);
    }
  });

  it('waits as the reference says at the edges of the guides’ bands', () => {
    for (const row of readOracle('bands') as BandRow[]) {
      for (const utilization of [0.5, 0.8, 0.95]) {
        const expected = row[`at_rho${utilization}`];
        if (typeof expected !== 'object') throw new Error(`no ${utilization}`);
        const arrivalRate = utilization * row.slots;
        const wait = waitTime({ arrivalRate, serviceTime: { mean: 1 }, servers: row.slots });
        if (!wait.stable) throw new Error('unstable');
        expect(relativeError(wait.pWait, expected.P_wait)).toBeLessThan(1e-12);
        // The file's own p95 come from double precision.
        expect(relativeError(wait.quantile(0.95), expected.p95_wait_S)).toBeLessThan(1e-9);
      }
    }
  });
});

it.each([
  ['servers', () => highestUtilization(0, 1, { kind: 'meanWait', mostSeconds: 1 })],
  ['servers', () => highestUtilization(NaN, 1, { kind: 'meanWait', mostSeconds: 1 })],
  ['cores', () => guideConcurrency(0, 1)],
  ['waitRatio', () => guideConcurrency(4, -1)],
  ['seed', () => simulate({ arrivalRate: 1, serviceTime: { mean: 1 }, servers: 2, seed: NaN })],
])('names %s when it can not be', (name, call) => {
  expect(call).toThrow(new RegExp(`^${name}: expected`));
});
