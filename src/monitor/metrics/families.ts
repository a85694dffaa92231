import type { Histogram } from '../../planning/histogram.js';

/** One metric with all its values of this moment: what Prometheus calls a family. */
export interface MetricFamily {
  name: string;
  help: string;
  type: 'counter' | 'gauge' | 'histogram';
  values: MetricValue[];
}

type Labels = Record<string, string>;

export interface MetricValue {
  /** Of a histogram's parts; else the family's own. */
  metricName?: string;
  labels: Labels;
  value: number;
}

/** Bounds of exported histograms: 4 ms to 2.3 h, each twice the one before. */
const FIRST_OCTAVE = 2;
const LAST_OCTAVE = 23;
const PER_OCTAVE = 4;

/** How one metric is read off each of many things of a kind; undefined leaves the thing out. */
export interface Reading<Thing> {
  name: string;
  help: string;
  type: 'counter' | 'gauge';
  value(thing: Thing): number | undefined;
}

/** Reads several metrics off things that differ in their labels. */
export function readAll<Thing>(
  readings: readonly Reading<Thing>[],
  things: readonly Thing[],
  labelsOf: (thing: Thing) => Labels,
): MetricFamily[] {
  return readings.map(({ name, help, type, value }) => ({
    name,
    help,
    type,
    values: things.flatMap((thing) => {
      const number = value(thing);
      return number === undefined ? [] : [{ labels: labelsOf(thing), value: number }];
    }),
  }));
}

/** A family of one or a few values. */
export function gauge(name: string, help: string, ...values: MetricValue[]): MetricFamily {
  return { name, help, type: 'gauge', values };
}

/** Histograms, merged beforehand, as Prometheus wants them: cumulative counts below each bound. */
export function histogramFamily(
  name: string,
  help: string,
  histograms: readonly (readonly [Labels, Histogram])[],
): MetricFamily {
  const values = histograms.flatMap(([labels, histogram]) =>
    histogramValues(name, labels, histogram),
  );
  return { name, help, type: 'histogram', values };
}

function histogramValues(name: string, labels: Labels, histogram: Histogram): MetricValue[] {
  const { count, sumSeconds, buckets } = histogram;
  const sorted = [...buckets].sort(([a], [b]) => a - b);
  const values: MetricValue[] = [];
  let below = 0;
  let next = 0;
  for (let octave = FIRST_OCTAVE; octave <= LAST_OCTAVE; octave++) {
    // A bound lies between two buckets, so the count below it is exact.
    while (next < sorted.length && (sorted[next]?.[0] ?? 0) < octave * PER_OCTAVE) {
      below += sorted[next]?.[1] ?? 0;
      next += 1;
    }
    const le = String(2 ** octave / 1000);
    values.push({ metricName: `${name}_bucket`, labels: { ...labels, le }, value: below });
  }
  return [
    ...values,
    { metricName: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: count },
    { metricName: `${name}_sum`, labels, value: sumSeconds },
    { metricName: `${name}_count`, labels, value: count },
  ];
}
