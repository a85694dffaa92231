import { array, assert, double, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addHistogram,
  emptyHistogram,
  meanSeconds,
  observe,
  quantileSeconds,
} from '../../src/planning/histogram.js';

const of = (seconds: number[]) => {
  const histogram = emptyHistogram();
  for (const value of seconds) observe(histogram, value);
  return histogram;
};

describe('Histogram', () => {
  it('reads quantiles within 9 % from a thousandth of a second to a day', () => {
    const values = Array.from({ length: 1000 }, (_, i) => 0.001 * 1.018 ** i);
    const histogram = of(values);
    for (const p of [0.01, 0.5, 0.9, 0.95, 0.99, 1]) {
      const exact = values[Math.ceil(p * 1000) - 1]!;
      expect(Math.abs(quantileSeconds(histogram, p)! / exact - 1)).toBeLessThan(0.091);
    }
    expect(meanSeconds(histogram)).toBeCloseTo(values.reduce((a, b) => a + b) / 1000, 9);
  });

  it('adds up to the histogram of all', () => {
    const both = of([1, 2]);
    addHistogram(both, of([0, 1, 70_000]));
    expect(both).toEqual(of([1, 2, 0, 1, 70_000]));
  });

  it('keeps every quantile of any durations between the buckets of the extremes', () => {
    const durations = array(double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1 });
    assert(
      property(durations, double({ min: 0, max: 1, noNaN: true }), (values, p) => {
        const quantile = quantileSeconds(of(values), p)!;
        expect(quantile).toBeGreaterThan(Math.min(...values) / 1.1);
        expect(quantile).toBeLessThan(Math.max(...values) * 1.1);
      }),
    );
  });

  it('has neither quantile nor mean of nothing', () => {
    expect(quantileSeconds(emptyHistogram(), 0.95)).toBeUndefined();
    expect(meanSeconds(emptyHistogram())).toBeUndefined();
  });
});
