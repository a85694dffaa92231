import { expect, it } from 'vitest';
import { RecentMedian } from '../../src/worker/recent-median.js';

it('follows a lasting change, not one measurement', () => {
  const median = new RecentMedian();
  const values = [1, 90, 2, 1, 80, 70, 60, 3].map((value) => {
    median.note(value);
    return median.value;
  });
  expect([new RecentMedian().value, ...values]).toEqual([0, 1, 1, 2, 1, 2, 70, 60, 60]);
});
