import * as z from 'zod';
import { SCALING_TRIGGERS } from '../planning/guide/advice.js';
import { QUEUE_NAMES } from '../planning/queue-names.js';
import type { ScalingPolicy } from '../planning/scaling-policy.js';
import { strictObject } from './strict-object.js';

const seconds = z.number().min(0).max(86_400);
const replicas = z.int().min(0).max(1000);

/**
 * A scaling rule with these defaults. A removal threshold of at most 45 % leaves the last replica
 * of two below capacity when it takes over.
 */
function scalingRule(defaults: ScalingPolicy) {
  return strictObject({
    minReplicas: replicas.default(defaults.minReplicas),
    maxReplicas: replicas.min(1).default(defaults.maxReplicas),
    queues: z
      .array(z.enum(QUEUE_NAMES))
      .min(1)
      .default([...defaults.queues]),
    addAboveWaiting: z.int().min(0).default(defaults.addAboveWaiting),
    addAfterSeconds: seconds.default(defaults.addAfterSeconds),
    addCooldownSeconds: seconds.default(defaults.addCooldownSeconds),
    removeBelowWaiting: z.int().min(0).default(defaults.removeBelowWaiting),
    removeBelowUtilization: z.number().min(0).max(0.45).default(defaults.removeBelowUtilization),
    removeAfterSeconds: seconds.default(defaults.removeAfterSeconds),
    removeCooldownSeconds: seconds.default(defaults.removeCooldownSeconds),
    bootSeconds: seconds.default(defaults.bootSeconds),
  })
    .refine((rule) => rule.minReplicas <= rule.maxReplicas, {
      path: ['minReplicas'],
      error: 'at most maxReplicas',
    })
    .refine((rule) => rule.removeBelowWaiting <= rule.addAboveWaiting + 1, {
      path: ['removeBelowWaiting'],
      error: 'at most addAboveWaiting + 1, or one state would call for both',
    })
    .prefault({}) satisfies z.ZodType<ScalingPolicy>;
}

/** Urgent first; maintenance may wait and calls for no replica. */
const queues = QUEUE_NAMES.filter((name) => name !== 'maintenance');
const bootSeconds = 120;
const { manual, automatic } = SCALING_TRIGGERS;

export const scalingSettings = strictObject({
  /** What "top", "status" and "doctor" advise whoever scales by hand. */
  byHand: scalingRule({
    minReplicas: 1,
    maxReplicas: 10,
    queues,
    addAboveWaiting: manual.addAboveQueue,
    addAfterSeconds: 300,
    addCooldownSeconds: 300,
    // The guide's rule asks for low utilization alone.
    removeBelowWaiting: manual.addAboveQueue + 1,
    removeBelowUtilization: manual.removeBelowUtilization,
    removeAfterSeconds: 900,
    removeCooldownSeconds: 900,
    bootSeconds,
  }),
  /** What an autoscaler does by itself. */
  automatic: scalingRule({
    minReplicas: automatic.minReplicas,
    maxReplicas: automatic.maxReplicas,
    queues,
    addAboveWaiting: automatic.addAboveQueue,
    addAfterSeconds: 30,
    addCooldownSeconds: 60,
    removeBelowWaiting: automatic.removeBelowQueue,
    removeBelowUtilization: automatic.removeBelowUtilization,
    removeAfterSeconds: 300,
    removeCooldownSeconds: 300,
    bootSeconds,
  }),
}).prefault({});
