import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { beatFamilies } from '../../src/monitor/metrics/beat-metrics.js';
import { systemFamilies } from '../../src/monitor/metrics/system-metrics.js';
import { workFamilies } from '../../src/monitor/metrics/work-metrics.js';
import { countTry, emptyFlow, queueFlowOf } from '../../src/planning/flow.js';
import { scheduleSnapshot, systemSnapshot, workerSnapshot } from '../support/snapshots.js';

interface Panel {
  title: string;
  targets?: { expr: string; legendFormat: string }[];
}

const file = new URL('../../docs/grafana-dashboard.json', import.meta.url);
const { panels } = JSON.parse(readFileSync(file, 'utf8')) as { panels: Panel[] };
const queries = panels.flatMap(({ title, targets = [] }) =>
  targets.map((target) => ({ title, ...target })),
);

/** Every name that a sample of an endpoint may have, with the labels that tell one from another. */
const exported = labelsByName();

function labelsByName(): Map<string, string[]> {
  const { silentSeconds, ...worker } = workerSnapshot();
  const work = emptyFlow(0);
  const times = { waitSeconds: 1, serviceSeconds: 1, cpuSeconds: 1 };
  countTry(work, { queue: 'default', task: 'ocr', completed: true, ...times });
  queueFlowOf(work, 'default').enqueuedTotal = 1;
  const system = systemSnapshot({
    workers: [workerSnapshot()],
    schedules: [scheduleSnapshot()],
    minutes: [work],
  });
  const families = [
    ...systemFamilies(system),
    ...workFamilies([{ ...worker, state: 'running' }], work),
    ...beatFamilies({ id: 'b', isHolder: true, startedAt: 0, sentTicks: 0 }),
  ];
  return new Map(
    families.flatMap(({ name, values }) =>
      values.map(({ metricName = name, labels }) => [metricName, Object.keys(labels)] as const),
    ),
  );
}

/** The words that a query may hold beside metrics, labels and their values. */
const PROMQL = ['sum', 'max', 'by', 'rate', 'increase', 'histogram_quantile'];
const LABELS = ['le', 'queue', 'task', 'worker', 'state', 'role', 'schedule', 'beat', 'job'];

describe('the Grafana dashboard', () => {
  it('asks for nothing but what the endpoints export', () => {
    expect(queries.length).toBeGreaterThan(30);
    for (const { title, expr } of queries) {
      const bare = expr.replaceAll(/"[^"]*"/g, '').replaceAll(/\[[^\]]*\]/g, '');
      const words = bare.match(/[a-z_][a-z0-9_]*/gi) ?? [];
      expect(
        words.filter((word) => ![...PROMQL, ...LABELS].includes(word) && !exported.has(word)),
        title,
      ).toEqual([]);
      expect(words.filter((word) => exported.has(word)).length, title).toBeGreaterThan(0);
    }
  });

  it('groups and filters by labels that its metrics have', () => {
    for (const { title, expr } of queries) {
      // Each aggregation with what it is about: the metric that follows.
      for (const [, labels = '', metric = ''] of expr.matchAll(/by \(([^)]*)\)[^d]*?(dsw_\w+)/g))
        expect(exported.get(metric), title).toEqual(expect.arrayContaining(labels.split(', ')));
      for (const [, metric = '', filter = ''] of expr.matchAll(/(dsw_\w+)\{([^}]*)\}/g)) {
        const labels = [...filter.matchAll(/(\w+)=/g)].map(([, label]) => label);
        // Prometheus itself adds the job.
        expect(['job', ...(exported.get(metric) ?? [])], title).toEqual(
          expect.arrayContaining(labels),
        );
      }
    }
  });

  it('takes rates of counters alone, and max of what every endpoint tells', () => {
    const system = systemFamilies(systemSnapshot()).map(({ name }) => name);
    for (const { title, expr } of queries) {
      for (const [, name] of expr.matchAll(/(dsw_\w+)\{[^}]*\}\[/g))
        expect(name, title).toMatch(/_(total|bucket)$/);
      for (const [, name] of expr.matchAll(/(?<!max(?: by \(\w+\) )?\((?:rate\()?)(dsw_\w+)/g))
        expect(system, title).not.toContain(name);
    }
  });

  it('names its series by labels that the query keeps, in balanced brackets', () => {
    for (const { title, expr, legendFormat } of queries) {
      for (const [, label = ''] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) {
        if (expr.includes(' by ('))
          expect(expr, title).toMatch(new RegExp(`by \\([^)]*\\b${label}\\b`));
        else expect(label, title).toBe('worker');
      }
      for (const [open, close] of ['()', '{}', '[]'])
        expect(expr.split(open!).length, title).toBe(expr.split(close!).length);
    }
  });
});
