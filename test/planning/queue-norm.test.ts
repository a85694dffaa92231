import { expect, it } from 'vitest';
import { settingsSchema } from '../../src/config/settings.js';
import { beyondNorm } from '../../src/planning/queue-norm.js';
import { queueSnapshot } from '../support/snapshots.js';

it('judges each queue by its own norm', () => {
  const { queueNorms } = settingsSchema.parse({});
  const waiting = (count: number, oldestWaitSeconds = 10) =>
    queueSnapshot({ waiting: count, oldestWaitSeconds });
  expect(beyondNorm(waiting(3), queueNorms.high_priority)).toBe('3 wait, its norm is at most 2');
  expect(beyondNorm(waiting(1, 45), queueNorms.high_priority)).toBe(
    'one waits for 45s, its norm is at most 30s',
  );
  expect(beyondNorm(waiting(2), queueNorms.high_priority)).toBeUndefined();
  expect(beyondNorm(waiting(10), queueNorms.default)).toBeUndefined();
  expect(beyondNorm(waiting(900, 7200), queueNorms.maintenance)).toBeUndefined();
  expect(beyondNorm(queueSnapshot(), queueNorms.high_priority)).toBeUndefined();
});
