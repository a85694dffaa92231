import { describe, expect, it } from 'vitest';
import { contentionWaitTimes } from '../../../src/planning/index.js';
import { readOracle, relativeError } from '../../support/oracle.js';

interface Row {
  id: string;
  cores: number;
  slots: number;
  wait_ratio: number;
  cycles_mean: number;
  lam: number;
  capacity: number;
  exact_P_wait: number;
  exact_Wq: number;
  fesc_P_wait: number;
  fesc_Wq: number;
}

const rows = readOracle('contention_open') as Row[];

const inputOf = (row: Row) => ({
  arrivalRates: [row.lam],
  serviceTime: { mean: 1 + row.wait_ratio },
  replicas: 1,
  slots: row.slots,
  cores: row.cores,
  waitRatio: row.wait_ratio,
});

function meanWait(input: Parameters<typeof contentionWaitTimes>[0]): number {
  const [wait] = contentionWaitTimes(input).classes;
  return wait?.stable ? wait.mean : NaN;
}

describe('contentionWaitTimes', () => {
  it('is the flow-equivalent server to 1e-12 when jobs turn often', () => {
    expect(rows).toHaveLength(138);
    for (const row of rows) {
      const result = contentionWaitTimes(inputOf(row));
      expect(relativeError(result.serviceRate, row.capacity), row.id).toBeLessThan(1e-12);
      expect(relativeError(result.pWait, row.fesc_P_wait), row.id).toBeLessThan(1e-12);
      expect(relativeError(meanWait(inputOf(row)), row.fesc_Wq), row.id).toBeLessThan(1e-12);
    }
  });

  it.each([
    [1, 0.11, 0.032],
    [4, 0.006, 0.005],
    [20, 2e-4, 4e-4],
    [100, 2e-5, 2e-5],
  ])(
    'comes close to the exact chain at %i turns: mean wait within %d, P(wait) within %d',
    (cycles, meanBound, pBound) => {
      const cases = rows.filter((row) => row.cycles_mean === cycles);
      expect(cases.length).toBeGreaterThan(25);
      for (const row of cases) {
        const input = { ...inputOf(row), cycles };
        expect(relativeError(meanWait(input), row.exact_Wq), row.id).toBeLessThan(meanBound);
        const { pWait } = contentionWaitTimes(input);
        expect(relativeError(pWait, row.exact_P_wait), row.id).toBeLessThan(pBound);
      }
    },
  );

  it('says that the guide’s three replicas of four slots fall behind 30 documents an hour', () => {
    const result = contentionWaitTimes({
      arrivalRates: [30 / 3600],
      serviceTime: { mean: 1200 },
      replicas: 3,
      slots: 4,
      cores: 2,
      waitRatio: 0.5,
    });
    expect(result.serviceRate * 3600).toBeCloseTo(25.95, 2);
    expect(result.classes).toMatchObject([{ stable: false }]);
    expect(result.busySlots).toBe(12);
  });
});
