import type { AlertMetric } from './alert-metrics.js';
import type { AlertState } from './alerts.js';
import { formatPercent, formatSeconds } from './readable.js';

/** An alert in one line: what, how much, for how long, and what to do. */
export function describeAlert(state: AlertState): string {
  const { rule, change, action } = state;
  const { name } = rule;
  if (change === 'resolved')
    return `${name} resolved: ${readingOf(state)}, it fired${lasting(state)}`;
  return `${name}: ${describeReading(state)}: ${action}`;
}

/** How a rule's metric stands: `waiting is 14, above 10 for 45s`. */
export function describeReading(state: AlertState): string {
  const { metric, comparison, value } = state.rule;
  return `${readingOf(state)}, ${comparison} ${formatMetric(metric, value)}${lasting(state)}`;
}

function readingOf({ rule: { metric }, value }: AlertState): string {
  return `${metric} is ${value === undefined ? 'unknown' : formatMetric(metric, value)}`;
}

function lasting({ seconds }: AlertState): string {
  return seconds >= 1 ? ` for ${formatSeconds(seconds)}` : '';
}

/** A metric's value with its unit. */
export function formatMetric(metric: AlertMetric, value: number): string {
  if (/Share$|Rate$|^utilization$/.test(metric))
    return value < 0.1 ? `${Number((value * 100).toFixed(1))} %` : formatPercent(value);
  if (metric.endsWith('Seconds')) return formatSeconds(value);
  if (metric.endsWith('Ms')) return `${Number(value.toFixed(1))} ms`;
  return String(Number(value.toFixed(1)));
}
