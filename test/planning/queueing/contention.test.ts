import { describe, expect, it } from 'vitest';
import { slotThroughput } from '../../../src/planning/index.js';
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

const closed = readOracle('closed') as { rows: ClosedRow[] };

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
