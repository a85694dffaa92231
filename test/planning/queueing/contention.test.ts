import { describe, expect, it } from 'vitest';
import { guideConcurrency, slotThroughput } from '../../../src/planning/index.js';
import { fraction, readOracle, relativeError } from '../../support/oracle.js';

interface ClosedRow {
  id: string;
  cores: number;
  wait_ratio: string;
  slots: number;
  throughput_exact: string;
  cpu_util: number;
  task_stretch: number;
  efficiency_vs_bound: number;
  knee: number;
}

interface FormulaRow {
  cores: number;
  wait_ratio: string;
  formula: number;
  util_at_floor: number;
  util_at_ceil: number;
  stretch_at_ceil: number;
  slots_for_util: Record<string, number>;
}

const closed = readOracle('closed') as { rows: ClosedRow[]; formula_check: FormulaRow[] };

describe('slotThroughput', () => {
  it('is the exact closed machine-repair model', () => {
    expect(closed.rows).toHaveLength(415);
    const off = closed.rows.filter((row) => {
      const result = slotThroughput({
        cores: row.cores,
        slots: row.slots,
        waitRatio: fraction(row.wait_ratio),
      });
      return (
        relativeError(result.throughput, fraction(row.throughput_exact)) > 1e-12 ||
        relativeError(result.cpuUtilization, row.cpu_util) > 1e-12 ||
        relativeError(result.stretch, row.task_stretch) > 1e-12 ||
        relativeError(result.efficiency, row.efficiency_vs_bound) > 1e-12 ||
        relativeError(result.knee, row.knee) > 1e-12
      );
    });
    expect(off).toEqual([]);
  });

  it('says what the slots of the guides’ formula really use, and how many would do', () => {
    expect(closed.formula_check).toHaveLength(30);
    for (const row of closed.formula_check) {
      const waitRatio = fraction(row.wait_ratio);
      const at = (slots: number) => slotThroughput({ cores: row.cores, slots, waitRatio });
      const formula = guideConcurrency(row.cores, waitRatio);
      const label = `${row.cores} cores, wait ratio ${row.wait_ratio}`;
      expect(formula, label).toBe(row.formula);
      for (const [actual, expected] of [
        [at(Math.floor(formula)).cpuUtilization, row.util_at_floor],
        [at(Math.ceil(formula)).cpuUtilization, row.util_at_ceil],
        [at(Math.ceil(formula)).stretch, row.stretch_at_ceil],
      ] as const) {
        expect(relativeError(actual, expected), label).toBeLessThan(1e-12);
      }
      for (const [utilization, slots] of Object.entries(row.slots_for_util)) {
        // Where slots reach it exactly, rounding decides, in the file too.
        expect(at(slots).cpuUtilization, label).toBeGreaterThan(Number(utilization) - 1e-12);
        if (slots > 1)
          expect(at(slots - 1).cpuUtilization, label).toBeLessThan(Number(utilization) + 1e-12);
      }
    }
  });

  it('says what four slots on two cores really finish: 8.65 documents of 20 minutes an hour', () => {
    const { throughput, stretch } = slotThroughput({ cores: 2, slots: 4, waitRatio: 0.5 });
    const cpuHours = 20 / 60 / 1.5;
    expect(throughput / cpuHours).toBeCloseTo(8.65, 2);
    expect(20 * stretch).toBeCloseTo(27.7, 1);
  });

  it.each([
    [0.5, 1, 0, 0.5],
    [0.5, 8, 0, 0.5],
    [1.5, 2, 0, 1.5],
    [64, 1, 1e6, 1 / (1 + 1e6)],
    [2, 100_000, 1e-6, 2],
    [2, 100_000, 1e9, 100_000 / (1 + 1e9)],
  ])('%d cores, %i slots, wait ratio %d: throughput %d', (cores, slots, waitRatio, expected) => {
    expect(
      relativeError(slotThroughput({ cores, slots, waitRatio }).throughput, expected),
    ).toBeLessThan(1e-6);
  });

  it.each([
    [{ cores: 0, slots: 1, waitRatio: 0 }, 'cores'],
    [{ cores: 1, slots: 0, waitRatio: 0 }, 'slots'],
    [{ cores: 1, slots: 1, waitRatio: -1 }, 'waitRatio'],
  ])('refuses %o, naming %s', (input, name) => {
    expect(() => slotThroughput(input)).toThrow(new RegExp(`^${name}: expected`));
  });
});
