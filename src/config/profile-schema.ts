import * as z from 'zod';
import type { Profile } from '../planning/capacity/profile.js';
import { GUIDE_MEMORY, GUIDE_MEMORY_ALERT, GUIDE_PROCESS_MB } from '../planning/guide/memory.js';
import type { QueueName } from '../planning/queue-names.js';
import { strictObject } from './strict-object.js';

/** A number in these bounds, or an interval of such. */
function quantity(number: z.ZodNumber): z.ZodType<Profile['ratePerHour']> {
  const interval = strictObject({ low: number, mid: number, high: number }).refine(
    ({ low, mid, high }) => low <= mid && mid <= high,
    'low ≤ mid ≤ high',
  );
  return z.union([number, interval], 'a number or { low, mid, high }');
}

const rate = z.number().min(0).max(1e9);
const minutes = z.number().min(1e-6).max(1e6);
const megabytes = z.number().min(0).max(1e8);
const count = z.int().min(1).max(100_000);

const deployment = strictObject({ replicas: count, concurrency: z.int().min(1).max(1024) });

const burst = strictObject({
  atHour: z.number().min(0).lt(24),
  minutes: z.number().positive().max(1440),
  ratePerHour: rate,
});

const scv = z.number().min(0).max(100);

const queue = strictObject({
  share: z.number().min(0).max(1),
  p95WaitMinutes: minutes.optional(),
  serviceTimeMinutes: minutes.optional(),
  serviceTimeScv: scv.optional(),
});

const queues = strictObject({
  high_priority: queue.optional(),
  default: queue.optional(),
  low_priority: queue.optional(),
  maintenance: queue.optional(),
} satisfies Record<QueueName, unknown>).check(({ value, issues }) => {
  if (issues.length > 0) return;
  const total = sum(Object.values(value).map((part) => part?.share ?? 0));
  if (Math.abs(total - 1) <= 1e-6) return;
  const got = `shares that sum to ${Number(total.toPrecision(6))}`;
  issues.push({
    code: 'custom',
    message: 'shares that sum to 1',
    params: { got },
    input: value,
  });
});

/** A traffic profile. The defaults of planning stand here and nowhere else. */
export const profileSchema = strictObject({
  name: z.string().min(1).max(100).default('profile'),
  description: z.string().max(300).default(''),
  ratePerHour: quantity(rate),
  serviceTimeMinutes: quantity(minutes),
  serviceTimeScv: quantity(scv).default(1),
  waitRatio: quantity(z.number().min(0).max(1000)).default(0.5),
  batchSize: z.number().min(1).max(10_000).default(1),
  hourlyShape: z
    .array(z.number().min(0).max(1e6))
    .refine((hours) => hours.length === 24, { error: '24 numbers, one an hour', abort: true })
    .refine((hours) => sum(hours) > 0, 'at least one hour above 0')
    .optional(),
  bursts: z.array(burst).max(24).default([]),
  queues: queues.default({ default: { share: 1 } }),
  container: strictObject({
    cores: z.number().min(0.05).max(1024).default(4),
    memoryLimitMb: z.number().min(1).max(1e8).default(8192),
  }).prefault({}),
  memory: strictObject({
    model: z.enum(['bracket', 'shared', 'perProcess']).default('bracket'),
    baseMb: megabytes.default(GUIDE_MEMORY.baseMb),
    /** 0: the guide lists 50 MB and leaves them out of its sums. */
    frameworkMb: megabytes.default(0),
    modelsMb: megabytes.default(GUIDE_MEMORY.modelsMb),
    perTaskMb: quantity(megabytes).default(GUIDE_MEMORY.perTaskMb),
    perProcessMb: megabytes.default(GUIDE_PROCESS_MB),
    alertFraction: z.number().positive().max(1).default(GUIDE_MEMORY_ALERT),
  }).prefault({}),
  fleet: strictObject({
    minReplicas: count.default(1),
    maxReplicas: count.default(42),
    concurrency: z.int().min(1).max(1024).optional(),
  })
    .refine(({ minReplicas, maxReplicas }) => minReplicas <= maxReplicas, {
      path: ['minReplicas'],
      message: 'at most maxReplicas',
    })
    .prefault({}),
  cost: strictObject({
    baseCost: z.number().min(0).max(1e9).optional(),
    currency: z.string().min(1).max(12).default('USD'),
    fixedServices: z.int().min(0).max(1000).default(2),
    /** Railway's public prices: 20 USD per vCPU and 10 USD per GB for a month of 720 hours. */
    perVcpuHour: z.number().min(0).max(1e6).default(0.02778),
    perGbHour: z.number().min(0).max(1e6).default(0.01389),
  }).prefault({}),
  limits: strictObject({
    redisConnections: count.default(10_000),
    redisConnectionsPerReplica: count.default(2),
    databaseConnections: count.optional(),
    databaseConnectionsPerSlot: z.number().min(0).max(1000).default(1),
  }).prefault({}),
  target: strictObject({
    p95WaitMinutes: minutes.optional(),
    confidence: z.number().positive().max(1).optional(),
  }).prefault({}),
  current: deployment.optional(),
}) satisfies z.ZodType<Profile>;

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
