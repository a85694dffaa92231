import { ALERT_THRESHOLDS } from './guide/advice.js';
import {
  fullestWorker,
  readAlertMetric,
  type AlertMetric,
  type AlertSubject,
} from './alert-metrics.js';
import { addReplicaCommand } from './scale-command.js';
import type { SystemSnapshot } from './snapshot.js';

export const ALERT_COMPARISONS = ['above', 'below'] as const;

/** When to tell somebody. */
export interface AlertRule {
  name: string;
  metric: AlertMetric;
  comparison: (typeof ALERT_COMPARISONS)[number];
  value: number;
  /** It fires after the condition has held for so long. */
  forSeconds: number;
  /** It is resolved once the metric is back on the other side of this; default: of `value`. */
  clearValue?: number | undefined;
  severity: 'error' | 'warning';
  /** What to do about it. */
  action: string;
  /** The same with what to type, where that depends on the state. */
  advise?(snapshot: SystemSnapshot): string;
}

/** What is kept of one rule from one look to the next. Times in milliseconds since the epoch. */
export interface AlertMemory {
  state: 'quiet' | 'firing';
  /** Since when the metric asks for the other state. */
  changingSince: number | undefined;
  firingSince: number | undefined;
}

/** How one rule stands. */
export interface AlertState {
  rule: AlertRule;
  value: number | undefined;
  /** What to do about it now. */
  action: string;
  /** The condition holds at this moment, for however long. */
  breached: boolean;
  firing: boolean;
  /** Set when it has begun to fire, or ended, with this look. */
  change: 'firing' | 'resolved' | undefined;
  /** How long the condition has held, or had. */
  seconds: number;
  memory: AlertMemory;
}

/** The guides' four rules. */
export const BUILT_IN_ALERTS: readonly AlertRule[] = [
  {
    name: 'high_queue_backlog',
    metric: 'waiting.high_priority',
    comparison: 'above',
    value: ALERT_THRESHOLDS.highPriorityQueueAbove,
    clearValue: 5,
    forSeconds: 30,
    severity: 'error',
    action: 'scale up replicas',
    advise: (snapshot) =>
      snapshot.queues.some(({ name, paused }) => name === 'high_priority' && paused)
        ? 'it is paused: dsw queue resume high_priority'
        : `scale up replicas: ${addReplicaCommand(snapshot)}`,
  },
  {
    name: 'worker_crash',
    metric: 'missingWorkers',
    comparison: 'above',
    value: 0,
    forSeconds: 15,
    severity: 'error',
    action: 'alert operations: fewer workers run than expected; look at their logs',
    advise: ({ workers }) => {
      const lost = workers.filter(({ state }) => state === 'lost');
      const named = lost.map(({ id, host }) => `${id} on ${host}`).join(', ');
      return `alert operations: look at the logs of ${named || 'those that are missing'}, start as many again`;
    },
  },
  {
    name: 'high_failure_rate',
    metric: 'failureRate',
    comparison: 'above',
    value: ALERT_THRESHOLDS.failureRateAbove,
    clearValue: 0.05,
    forSeconds: 30,
    severity: 'error',
    action: 'check the logs and alert the team: dsw jobs list --state dead',
  },
  {
    name: 'memory_pressure',
    metric: 'memoryShare',
    comparison: 'above',
    value: ALERT_THRESHOLDS.memoryAbove,
    clearValue: 0.75,
    forSeconds: 30,
    severity: 'warning',
    action: 'fewer slots or scale up',
    advise: (snapshot) => {
      const { id, slots } = fullestWorker(snapshot) ?? { id: '', slots: 1 };
      const resize = slots > 1 ? `fewer slots: dsw worker resize ${slots - 1} ${id}; or ` : '';
      return `${resize}scale up: ${addReplicaCommand(snapshot)}`;
    },
  },
];

/**
 * Judges every rule. A metric that can't be told changes nothing.
 * @param memories of the last look, by rule name.
 */
export function evaluateAlerts(
  rules: readonly AlertRule[],
  subject: AlertSubject,
  memories: ReadonlyMap<string, AlertMemory>,
): AlertState[] {
  return rules.map((rule) =>
    evaluate(
      rule,
      readAlertMetric(rule.metric, subject),
      memories.get(rule.name),
      subject.snapshot,
    ),
  );
}

const QUIET: AlertMemory = { state: 'quiet', changingSince: undefined, firingSince: undefined };

function evaluate(
  rule: AlertRule,
  value: number | undefined,
  before: AlertMemory = QUIET,
  snapshot: SystemSnapshot,
): AlertState {
  const now = snapshot.at;
  const wasFiring = before.state === 'firing';
  const breached = value !== undefined && beyond(rule, value, rule.value);
  const holds = value !== undefined && beyond(rule, value, rule.clearValue ?? rule.value);
  const wantsChange = value !== undefined && (wasFiring ? !holds : breached);
  // A clock that was set back must not keep a change waiting until it has caught up.
  const since = wantsChange ? Math.min(before.changingSince ?? now, now) : undefined;
  const changes = since !== undefined && now - since >= rule.forSeconds * 1000;
  const firing = changes ? !wasFiring : wasFiring;
  const startedAt = wasFiring ? (before.firingSince ?? now) : since;
  return {
    rule,
    value,
    action: rule.advise?.(snapshot) ?? rule.action,
    breached,
    firing,
    change: changes ? (firing ? 'firing' : 'resolved') : undefined,
    seconds: startedAt === undefined ? 0 : Math.max(0, now - startedAt) / 1000,
    memory: {
      state: firing ? 'firing' : 'quiet',
      changingSince: changes ? undefined : since,
      firingSince: firing ? startedAt : undefined,
    },
  };
}

function beyond({ comparison }: AlertRule, value: number, threshold: number): boolean {
  return comparison === 'above' ? value > threshold : value < threshold;
}
