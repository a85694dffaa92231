import { Cron } from 'croner';

/** When a schedule is due: by the calendar, or every so often. */
export type ScheduleRule =
  | {
      /** Five fields, or six with the second in front. */
      cron: string;
      /** IANA name, such as `Europe/Berlin`. */
      timeZone: string;
    }
  | {
      /** Due at each whole multiple since the epoch, so that all who look agree. */
      everySeconds: number;
    };

/**
 * The due times of a rule, in milliseconds since the epoch.
 *
 * Where the clocks change, an expression whose second, minute and hour are all named (`30 2 * * *`,
 * `0 2,14 * * *`) is due once a day for each time named: at the first moment after the gap when
 * spring leaves that time out, at the first of the two when autumn repeats it. Any other expression
 * (`*`, steps) counts real time: nothing is due inside the gap, and a repeated hour is due again.
 */
export interface Recurrence {
  /** The first due time after `time`, or undefined when there is none. */
  next(time: number): number | undefined;
  /** The last `count` due times at or before `time`, oldest first. */
  latest(time: number, count: number): number[];
}

export function recurrenceOf(rule: ScheduleRule): Recurrence {
  return 'cron' in rule ? byCalendar(rule.cron, rule.timeZone) : byPeriod(rule.everySeconds * 1000);
}

function byPeriod(period: number): Recurrence {
  return {
    next: (time) => (Math.floor(time / period) + 1) * period,
    latest: (time, count) => {
      const last = Math.floor(time / period);
      return Array.from({ length: count }, (_, i) => (last - count + 1 + i) * period);
    },
  };
}

function byCalendar(expression: string, timeZone: string): Recurrence {
  const cron = parseCron(expression, timeZone);
  return {
    next: (time) => cron.nextRun(new Date(time))?.getTime(),
    latest: (time, count) => {
      // Croner looks at whole seconds strictly before the one given.
      const after = new Date((Math.floor(time / 1000) + 1) * 1000);
      return cron
        .previousRuns(count, after)
        .map((run) => run.getTime())
        .reverse();
    },
  };
}

function parseCron(expression: string, timeZone: string): Cron {
  return new Cron(expression, {
    mode: '5-or-6-parts',
    fixedTimeRule: 'no-wildcard',
    paused: true,
    // The same times, three times as fast.
    ...(timeZone === 'UTC' ? { utcOffset: 0 } : { timezone: timeZone }),
  });
}

/** A rule as people write it: `0 3 * * * Europe/Berlin`, `every 15m`. */
export function formatRule(rule: ScheduleRule): string {
  if ('cron' in rule) return rule.timeZone === 'UTC' ? rule.cron : `${rule.cron} ${rule.timeZone}`;
  return `every ${formatPeriod(rule.everySeconds)}`;
}

const UNITS: [unit: string, seconds: number][] = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
];

function formatPeriod(seconds: number): string {
  const [unit, length] = UNITS.find(([, size]) => seconds % size === 0) ?? ['ms', 0.001];
  return `${Math.round(seconds / length)}${unit}`;
}
