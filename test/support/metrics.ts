import { expect } from 'vitest';

/** What an endpoint's /metrics says. */
export interface Metrics {
  text: string;
  /** Family name → counter, gauge or histogram. */
  kinds: Map<string, string>;
  /** One sample's value, by its name and exact labels. */
  value(name: string, labels: Record<string, string>): number | undefined;
}

/** Scrapes an endpoint. */
export async function readMetrics(base: string): Promise<Metrics> {
  const response = await fetch(`${base}/metrics`);
  const text = await response.text();
  checkExposition(text);
  const samples = new Map<string, number>();
  const kinds = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, name, kind] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    if (name !== undefined && kind !== undefined) kinds.set(name, kind);
    const [, sample, labels = '', value] = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (sample !== undefined) samples.set(keyOf(sample, labels.split(',')), Number(value));
  }
  return {
    text,
    kinds,
    value: (name, labels) =>
      samples.get(
        keyOf(
          name,
          Object.entries(labels).map(([label, is]) => `${label}="${is}"`),
        ),
      ),
  };
}

function keyOf(name: string, labels: string[]): string {
  return `${name}{${labels
    .filter((label) => label !== '')
    .sort()
    .join(',')}}`;
}

const SAMPLE =
  /^([a-zA-Z_:][\w:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? (-?[\d.e+-]+|[+-]Inf|NaN)$/;

/**
 * What promtool checks of Prometheus' text format: each family has its HELP and TYPE once, before its
 * samples, which stand together and differ in their labels; a histogram's buckets only grow, up to +Inf,
 * which is its count.
 */
function checkExposition(text: string): void {
  expect(text.endsWith('\n')).toBe(true);
  const [helped, typed, seen] = [new Set<string>(), new Map<string, string>(), new Set<string>()];
  const buckets = new Map<string, number>();
  let family = '';
  for (const line of text.trimEnd().split('\n')) {
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (kind === 'HELP') {
      expect(helped.has(name), `HELP of ${name} again`).toBe(false);
      helped.add(name);
      family = name;
    } else if (kind === 'TYPE') {
      expect([name, typed.has(name)]).toEqual([family, false]);
      typed.set(name, rest);
    } else if (line !== '') {
      const [, sample = '', labels = '', value] = SAMPLE.exec(line) ?? [];
      expect(sample, line).not.toBe('');
      const ofHistogram = typed.get(family) === 'histogram';
      expect(ofHistogram ? sample.replace(/_(bucket|sum|count)$/, '') : sample).toBe(family);
      expect(seen.has(`${sample}{${labels}}`), `${line} again`).toBe(false);
      seen.add(`${sample}{${labels}}`);
      if (!ofHistogram) continue;
      const series = `${family}{${labels.replace(/,?le="[^"]*"/, '').replace(/^,/, '')}}`;
      if (sample.endsWith('_bucket')) {
        expect(Number(value), line).toBeGreaterThanOrEqual(buckets.get(series) ?? 0);
        buckets.set(series, Number(value));
      }
      if (sample.endsWith('_count')) expect(buckets.get(series), line).toBe(Number(value));
    }
  }
}
