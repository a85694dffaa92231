import * as z from 'zod';
import { ALERT_COMPARISONS } from '../planning/alerts.js';
import { ALERT_METRICS, type AlertMetric } from '../planning/alert-metrics.js';
import { httpUrl } from './addresses.js';
import { didYouMean } from './did-you-mean.js';
import { strictObject } from './strict-object.js';

const metric = z.custom<AlertMetric>((input) => ALERT_METRICS.some((known) => known === input), {
  error: ({ input }) => {
    const guess = typeof input === 'string' ? didYouMean(input, ALERT_METRICS) : undefined;
    return guess === undefined
      ? `a metric: ${ALERT_METRICS.join(', ')}`
      : `a metric; did you mean "${guess}"?`;
  },
});

/** What should be there, for doctor and for the alert about workers that are not. */
export const expectedSettings = strictObject({
  workers: z.int().min(1).optional(),
  slots: z.int().min(1).optional(),
  /** A profile, by name or file: what is not given above is expected as `dsw plan` answers it. */
  profile: z.string().min(1).optional(),
}).prefault({});

/** When to tell somebody, and how. */
export const alertSettings = strictObject({
  everySeconds: z.number().min(0.1).max(3600).default(5),
  /** Whether the guides' four rules apply. */
  builtIn: z.boolean().default(true),
  rules: z
    .array(
      strictObject({
        name: z.string().min(1),
        metric,
        comparison: z.enum(ALERT_COMPARISONS),
        value: z.number(),
        /** It is resolved only once the metric is back on the other side of this; default: of value. */
        clearValue: z.number().optional(),
        /** It fires after it has held for so long, and is resolved after it has not for as long. */
        forSeconds: z.number().min(0).max(86_400).default(60),
        severity: z.enum(['error', 'warning']).default('warning'),
        /** What to do about it. */
        action: z.string().min(1).default('look at dsw doctor'),
      }).refine(
        ({ comparison, value, clearValue = value }) =>
          comparison === 'above' ? clearValue <= value : clearValue >= value,
        {
          path: ['clearValue'],
          error: 'at most value with "above", at least value with "below"',
        },
      ),
    )
    .default([])
    .refine(
      (rules) => new Set(rules.map(({ name }) => name)).size === rules.length,
      'each name once',
    ),
  webhook: strictObject({
    url: httpUrl,
    timeoutSeconds: z.number().min(0.1).max(60).default(5),
  }).optional(),
  /** A program and its arguments: it is given the message as JSON on its standard input. */
  command: strictObject({
    run: z.array(z.string().min(1)).min(1),
    timeoutSeconds: z.number().min(0.1).max(600).default(30),
  }).optional(),
}).prefault({});
