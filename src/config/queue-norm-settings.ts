import * as z from 'zod';
import type { QueueNorm, QueueNorms } from '../planning/queue-norm.js';
import { strictObject } from './strict-object.js';

function norm(defaults: QueueNorm) {
  return strictObject({
    waiting: z.int().min(0).default(defaults.waiting),
    waitSeconds: z.number().min(0).default(defaults.waitSeconds),
  }).prefault({});
}

/** What each queue may let wait before a view marks it. */
export const queueNormSettings = strictObject({
  high_priority: norm({ waiting: 2, waitSeconds: 30 }),
  default: norm({ waiting: 10, waitSeconds: 900 }),
  low_priority: norm({ waiting: 50, waitSeconds: 3600 }),
  maintenance: norm({ waiting: 1000, waitSeconds: 86_400 }),
}).prefault({}) satisfies z.ZodType<QueueNorms>;
