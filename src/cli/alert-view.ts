import { describeAlert, formatMetric } from '../planning/alert-message.js';
import type { AlertState } from '../planning/alerts.js';
import { formatTable, wrapText, type Column } from './output.js';

const COLUMNS: Column<AlertState>[] = [
  { title: 'RULE', value: ({ rule }) => rule.name },
  { title: 'SEVERITY', value: ({ rule }) => rule.severity },
  {
    title: 'NOW',
    align: 'right',
    value: ({ rule, value }) => (value === undefined ? '–' : formatMetric(rule.metric, value)),
  },
  {
    title: 'FIRES',
    value: ({ rule }) => `${rule.comparison} ${formatMetric(rule.metric, rule.value)}`,
  },
  { title: 'STATE', value: ({ breached }) => (breached ? 'BREACHED' : 'ok') },
];

/** How the rules stand, for people. */
export function formatAlerts(states: readonly AlertState[]): string {
  const breached = states.filter((state) => state.breached);
  const told = breached.flatMap((state) => wrapText(describeAlert(state), 2));
  return [formatTable(COLUMNS, states), ...told].join('\n');
}

export function alertsJson(states: readonly AlertState[]): unknown {
  return {
    version: 1,
    alerts: states.map(({ rule, action, value, breached }) => ({
      ...rule,
      action,
      current: value,
      breached,
    })),
  };
}
