import type { AlertMetric } from './alert-metrics.js';
import type { AlertState } from './alerts.js';
import { formatPercent, formatSeconds } from './readable.js';

/** An alert in one line: what, how much, for how long, and what to do. */
export function describeAlert({ rule, value, seconds, change }: AlertState): string {
  const { name, metric, comparison, action } = rule;
  const reading = value === undefined ? 'unknown' : formatMetric(metric, value);
  const lasting = seconds >= 1 ? ` for ${formatSeconds(seconds)}` : '';
  if (change === 'resolved') return `${name} resolved: ${metric} is ${reading}, it fired${lasting}`;
  return `${name}: ${metric} is ${reading}, ${comparison} ${formatMetric(metric, rule.value)}${lasting}: ${action}`;
}

/** A metric's value with its unit. */
export function formatMetric(metric: AlertMetric, value: number): string {
  if (/Share$|Rate$|^utilization$/.test(metric)) return formatPercent(value);
  if (metric.endsWith('Seconds')) return formatSeconds(value);
  if (metric.endsWith('Ms')) return `${Number(value.toFixed(1))} ms`;
  return String(Number(value.toFixed(1)));
}
