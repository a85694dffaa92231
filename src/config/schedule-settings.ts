import * as z from 'zod';
import { cronProblem } from '../planning/cron-syntax.js';
import { QUEUE_NAMES } from '../planning/queue-names.js';
import type { ScheduleRule } from '../planning/recurrence.js';
import type { Schedule } from '../planning/schedule.js';
import { didYouMean } from './did-you-mean.js';
import { durationSeconds } from './duration.js';
import type { Settings } from './settings.js';
import { strictObject } from './strict-object.js';

const DAY = 86_400;

export const beatSettings = strictObject({
  /** How long a scheduler that went silent keeps the others from taking over. */
  leaseSeconds: z.number().min(1).max(300).default(5),
  /** A tick that is not sent so long after it was due is overdue; for `missed: skip`, missed. */
  lateAfterSeconds: z.number().min(1).max(DAY).default(60),
});

const cron = z.string().superRefine((text, context) => {
  const problem = cronProblem(text);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

const timeZone = z.string().superRefine((name, context) => {
  const problem = timeZoneProblem(name);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

const schedule = strictObject({
  /** Default: a task of the schedule's own name. */
  task: z.string().min(1).optional(),
  cron: cron.optional(),
  timeZone: timeZone.optional(),
  every: durationSeconds(0.1, 366 * DAY).optional(),
  queue: z.enum(QUEUE_NAMES).default('maintenance'),
  /** Input of the task. */
  payload: z.json().optional(),
  jitter: durationSeconds(0, DAY).default(0),
  missed: z.enum(['skip', 'once', 'all']).default('once'),
  /** For `missed: all`: so many at most. Working out more from a calendar would outlast the lease. */
  missedLimit: z.int().min(1).max(1000).default(100),
  enabled: z.boolean().default(true),
});

type ScheduleSettings = z.infer<typeof schedule>;

/** The schedules that every system has; settings under their names change them. */
const BUILT_IN: Record<string, ScheduleRule> = {
  cleanup_old_files: { everySeconds: 3600 },
  cleanup_orphaned_jobs: { everySeconds: 3600 },
};

export const scheduleSettings = z
  .record(
    z.string().regex(/^[\w.-]{1,100}$/, 'a name of letters, digits, "_", "." and "-"'),
    schedule,
  )
  .superRefine((schedules, context) => {
    for (const [name, settings] of Object.entries(schedules)) {
      const problem = ruleProblem(name, settings);
      if (problem)
        context.addIssue({
          code: 'custom',
          path: [name, ...problem.path],
          message: problem.message,
        });
    }
  });

function ruleProblem(
  name: string,
  { cron: calendar, every, timeZone: zone, enabled }: ScheduleSettings,
): { path: string[]; message: string } | undefined {
  if (calendar !== undefined && every !== undefined) {
    return { path: ['every'], message: 'either cron or every, not both' };
  }
  if (zone !== undefined && calendar === undefined) {
    return { path: ['timeZone'], message: 'a time zone only beside cron' };
  }
  if (calendar === undefined && every === undefined && enabled && !(name in BUILT_IN)) {
    return { path: [], message: 'cron or every, to say when it is due' };
  }
  return undefined;
}

function timeZoneProblem(name: string): string | undefined {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return undefined;
  } catch {
    const guess = didYouMean(name, ['UTC', ...Intl.supportedValuesOf('timeZone')]);
    return guess === undefined
      ? 'a time zone such as "UTC" or "Europe/Berlin"'
      : `a time zone (did you mean "${guess}"?)`;
  }
}

/** The periodic tasks in force: dsw's own and those of the settings, without the disabled ones. */
export function schedulesOf(settings: Settings): Schedule[] {
  const names = new Set([...Object.keys(BUILT_IN), ...Object.keys(settings.schedules)]);
  return [...names].flatMap((name) => {
    const own = settings.schedules[name] ?? schedule.parse({});
    const rule = ruleOf(own) ?? BUILT_IN[name];
    return own.enabled && rule ? [scheduleOf(name, rule, own, settings)] : [];
  });
}

function scheduleOf(
  name: string,
  rule: ScheduleRule,
  own: ScheduleSettings,
  { beat, cleanup, jobs }: Settings,
): Schedule {
  const byDefault = name === 'cleanup_old_files' ? { maxAgeHours: cleanup.maxAgeHours } : {};
  return {
    name,
    task: own.task ?? name,
    queue: own.queue,
    rule,
    payload: own.payload ?? byDefault,
    jitterSeconds: own.jitter,
    missed: own.missed,
    missedLimit: own.missedLimit,
    lateAfterSeconds: beat.lateAfterSeconds,
    attempts: jobs.attempts,
  };
}

function ruleOf({
  cron: calendar,
  timeZone: zone,
  every,
}: ScheduleSettings): ScheduleRule | undefined {
  if (calendar !== undefined)
    return { cron: calendar.trim().split(/\s+/).join(' '), timeZone: zone ?? 'UTC' };
  return every === undefined ? undefined : { everySeconds: every };
}
