import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { erlangB, erlangC } from '../../../src/planning/index.js';
import { readOracle, relativeError } from '../../support/oracle.js';

interface Row {
  id: string;
  c: number;
  a: string;
  erlangB: string;
  erlangC: string;
}

const rows = ['mmc', 'mmc_big'].flatMap((name) => readOracle(name) as Row[]);

describe('Erlang formulas', () => {
  it('match the reference values to 1e-12', () => {
    expect(rows).toHaveLength(83);
    const off = rows.filter(
      ({ c, a, ...row }) =>
        relativeError(erlangB(c, Number(a)), row.erlangB) > 1e-12 ||
        relativeError(erlangC(c, Number(a)), row.erlangC) > 1e-12,
    );
    expect(off).toEqual([]);
  });

  it.each([
    [5, 2, 0.0367],
    [14, 10, 0.0568],
    [10, 5, 0.0184],
  ])('erlangB(%i, %i) is the value printed in tables', (servers, load, printed) => {
    expect(erlangB(servers, load)).toBeCloseTo(printed, 4);
  });

  it.each([
    [0, 0, 1],
    [0, 3, 1],
    [4, 0, 0],
    [1, 1e300, 1],
    [1_000_000, 1, 0],
    [1_000_000, 1e9, 0.999],
  ])('erlangB(%i, %d) stays a number at the edge: %d', (servers, load, expected) => {
    expect(erlangB(servers, load)).toBeCloseTo(expected, 6);
  });

  it('has all jobs wait when the load reaches the servers', () => {
    expect([erlangC(3, 3), erlangC(3, 1e6), erlangC(1_000_000, 1_000_000)]).toEqual([1, 1, 1]);
  });

  it('obeys B(n) = a·B(n−1)/(n + a·B(n−1)) across the switch of methods', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 3000 }),
        fc.double({ min: 0.5, max: 1.5, noNaN: true }),
        (servers, ratio) => {
          const load = servers * ratio;
          const before = load * erlangB(servers - 1, load);
          expect(relativeError(erlangB(servers, load), before / (servers + before))).toBeLessThan(
            1e-12,
          );
        },
      ),
    );
  });

  it('never waits more often with one server more', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.double({ min: 0.001, max: 2, noNaN: true }),
        (servers, ratio) => {
          const load = servers * ratio;
          expect(erlangC(servers + 1, load)).toBeLessThanOrEqual(erlangC(servers, load) + 1e-15);
        },
      ),
    );
  });

  it.each([
    [0, 1, 'servers'],
    [1.5, 1, 'servers'],
    [2, -1, 'offeredLoad'],
    [2, NaN, 'offeredLoad'],
    [2, Infinity, 'offeredLoad'],
  ])('refuses erlangC(%d, %d), naming %s', (servers, load, name) => {
    expect(() => erlangC(servers, load)).toThrow(new RegExp(`^${name}: expected`));
  });
});
