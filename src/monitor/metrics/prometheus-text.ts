import { AggregatorRegistry, Registry } from 'prom-client';
import type { MetricFamily } from './families.js';

export const METRICS_CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** Families in Prometheus's text format. */
export function prometheusText(families: readonly MetricFamily[]): Promise<string> {
  // The figures come from a snapshot, not from counting here: the registry takes them as they are.
  const finished = families.map((family) => ({ ...family, aggregator: 'first' }));
  return AggregatorRegistry.aggregate([finished]).metrics();
}
