import { expect, it } from 'vitest';
import { backoffSeconds } from '../../src/planning/backoff.js';

it('doubles with each try up to the bound, with full jitter', () => {
  const policy = { baseSeconds: 5, maxSeconds: 60 };
  const ceilings = [1, 2, 3, 4, 5, 50].map((tries) => backoffSeconds(tries, policy, 1));
  expect(ceilings).toEqual([5, 10, 20, 40, 60, 60]);
  expect(backoffSeconds(3, policy, 0)).toBe(0);
  expect(backoffSeconds(3, policy, 0.5)).toBe(10);
});
