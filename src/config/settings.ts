import * as z from 'zod';
import { QUEUE_NAMES } from '../planning/queue-names.js';
import { redisUrl } from './addresses.js';
import { limitsSettings, ocrSettings } from './document-settings.js';
import { queueNormSettings } from './queue-norm-settings.js';
import { scalingSettings } from './scaling-settings.js';
import { beatSettings, scheduleSettings } from './schedule-settings.js';
import { storeSettings, storeUrl } from './store-settings.js';
import { strictObject } from './strict-object.js';
import { MAX_SLOTS } from './worker-bounds.js';
import { tracingSettings } from './tracing-settings.js';
import { translationSettings } from './translation-settings.js';
import { alertSettings, expectedSettings } from './watch-settings.js';
import { webhookSettings } from './webhook-settings.js';

const queueList = z
  .array(z.enum(QUEUE_NAMES))
  .min(1)
  .refine((names) => new Set(names).size === names.length, 'each queue once');

const concurrency = z.union([z.literal('auto'), z.int().min(1).max(MAX_SLOTS)]);

/** Everything that dsw.yaml may hold. The defaults of the whole product stand here and nowhere else. */
export const settingsSchema = strictObject({
  redisUrl: redisUrl.optional(),
  /** Namespace of every key in Redis: two systems with other prefixes share a server and never meet. */
  prefix: z
    .string()
    .regex(/^[\w.-]+$/, 'letters, digits, "_", "." and "-"')
    .default('dsw'),
  /** Where documents and results lie. */
  store: storeUrl.default('file:.dsw/documents'),
  stores: storeSettings.prefault({}),
  /** Modules, TypeScript or JavaScript, that export the user's own tasks; or folders of them. */
  tasks: z
    .union([
      z
        .string()
        .min(1)
        .transform((path) => [path]),
      z.array(z.string().min(1)),
    ])
    .default([]),
  worker: strictObject({
    concurrency: concurrency.default('auto'),
    queues: queueList.default([...QUEUE_NAMES]),
    queueOrder: z.enum(['strict', 'weighted']).default('strict'),
    /** A job whose worker is silent for this long is run by another. */
    leaseSeconds: z.number().min(1).max(3600).default(30),
    heartbeatSeconds: z.number().min(0.1).max(60).default(2),
    /** Running jobs get so long to finish when the worker stops. */
    drainSeconds: z.number().min(0).max(86_400).default(25),
    /** A slot is replaced after so many jobs; 0: never. */
    maxTasksPerSlot: z.int().min(0).default(50),
    /** Bound on what a slot holds: heap, buffers and WebAssembly memory. */
    slotMemoryMb: z.number().min(16).optional(),
    allowOvercommit: z.boolean().default(false),
    /** Tasks that every slot is made ready for before it takes a job. */
    warmTasks: z.array(z.string()).default(['ocr']),
    /** A job whose worker died so often while it ran is a dead letter. */
    maxDeaths: z.int().min(1).max(100).default(3),
  }).prefault({}),
  beat: beatSettings.prefault({}),
  /** Periodic tasks by name. */
  schedules: scheduleSettings.prefault({}),
  jobs: strictObject({
    attempts: z.int().min(1).max(100).default(3),
    backoffSeconds: z.number().min(0).max(86_400).default(5),
    maxBackoffSeconds: z.number().min(0).max(604_800).default(600),
    /** A queue that holds so many waiting jobs takes no more. */
    maxWaiting: z.int().min(1).optional(),
    /** A running try is asked to finish after the first, and ended after the second. */
    softLimitSeconds: z.number().positive().optional(),
    hardLimitSeconds: z.number().positive().optional(),
  })
    .refine(({ softLimitSeconds: soft = 0, hardLimitSeconds: hard = Infinity }) => soft < hard, {
      path: ['softLimitSeconds'],
      error: 'less than hardLimitSeconds',
    })
    .prefault({}),
  translation: translationSettings.prefault({}),
  webhooks: webhookSettings.prefault({}),
  limits: limitsSettings,
  ocr: ocrSettings,
  cleanup: strictObject({
    /** Documents, results and finished job records older than this are removed. */
    maxAgeHours: z
      .number()
      .positive()
      .default(24 * 7),
  }).prefault({}),
  queueNorms: queueNormSettings,
  scaling: scalingSettings,
  expected: expectedSettings,
  alerts: alertSettings,
  tracing: tracingSettings.prefault({}),
});

export type Settings = z.infer<typeof settingsSchema>;
