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
