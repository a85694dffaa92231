import { meanSeconds, quantileSeconds, type Histogram } from './histogram.js';

/** What a histogram says in a few numbers, all in seconds; undefined when it is empty. */
export interface DurationFigures {
  count: number;
  meanSeconds: number | undefined;
  p50Seconds: number | undefined;
  p95Seconds: number | undefined;
  p99Seconds: number | undefined;
}

export function durationFigures(histogram: Histogram): DurationFigures {
  return {
    count: histogram.count,
    meanSeconds: meanSeconds(histogram),
    p50Seconds: quantileSeconds(histogram, 0.5),
    p95Seconds: quantileSeconds(histogram, 0.95),
    p99Seconds: quantileSeconds(histogram, 0.99),
  };
}
