import { describeReading } from '../../planning/alert-message.js';
import { BUILT_IN_ALERTS } from '../../planning/alerts.js';
import { formatSeconds } from '../../planning/readable.js';
import type { Check } from './check.js';

/** Built-in rules whose state other checks tell with more of its evidence. */
const TOLD_ELSEWHERE = ['worker_crash', 'high_failure_rate', 'memory_pressure'];

export const ALERT_CHECKS: Check[] = [
  {
    id: 'alert-rules',
    look: ({ alerts }) =>
      alerts
        .filter(({ rule, breached, firing }) => {
          const isTold = BUILT_IN_ALERTS.includes(rule) && TOLD_ELSEWHERE.includes(rule.name);
          return (breached || firing) && !isTold;
        })
        .map((alert) => ({
          severity: alert.rule.severity,
          title: `alert ${alert.rule.name}`,
          evidence: describeReading(alert),
          consequence: alert.firing
            ? 'it fires: whoever listens to "dsw alerts watch" has been told'
            : `it fires once this has lasted for ${formatSeconds(alert.rule.forSeconds)}`,
          fix: alert.action,
        })),
  },
];
