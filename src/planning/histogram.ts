/**
 * Durations in buckets whose bounds grow by a quarter of a power of two: a quantile read from them
 * is off by at most 9 %, over any range, and histograms of several workers add up exactly.
 */
export interface Histogram {
  count: number;
  /** Sum of all durations, for the exact mean. */
  sumSeconds: number;
  /** Bucket number → how many. Bucket b holds [2^(b/4), 2^((b+1)/4)) milliseconds. */
  buckets: Map<number, number>;
}

const PER_OCTAVE = 4;
/** All shorter durations count as this long. */
const SHORTEST_MS = 0.25;

export function emptyHistogram(): Histogram {
  return { count: 0, sumSeconds: 0, buckets: new Map() };
}

/** The bucket of a duration. */
export function bucketOf(seconds: number): number {
  return Math.floor(Math.log2(Math.max(seconds * 1000, SHORTEST_MS)) * PER_OCTAVE);
}

/** Counts one duration in. */
export function observe(histogram: Histogram, seconds: number): void {
  const bucket = bucketOf(seconds);
  histogram.count += 1;
  histogram.sumSeconds += seconds;
  histogram.buckets.set(bucket, (histogram.buckets.get(bucket) ?? 0) + 1);
}

/** Adds all of `from` to `into`. */
export function addHistogram(into: Histogram, from: Histogram): void {
  into.count += from.count;
  into.sumSeconds += from.sumSeconds;
  for (const [bucket, count] of from.buckets) {
    into.buckets.set(bucket, (into.buckets.get(bucket) ?? 0) + count);
  }
}

/** What is left of `all` without `part`, which has been counted into it. */
export function withoutHistogram(all: Histogram, part: Histogram): Histogram {
  const rest: Histogram = {
    count: Math.max(0, all.count - part.count),
    sumSeconds: Math.max(0, all.sumSeconds - part.sumSeconds),
    buckets: new Map(),
  };
  for (const [bucket, count] of all.buckets) {
    const left = count - (part.buckets.get(bucket) ?? 0);
    if (left > 0) rest.buckets.set(bucket, left);
  }
  return rest;
}

export function meanSeconds(histogram: Histogram): number | undefined {
  return histogram.count === 0 ? undefined : histogram.sumSeconds / histogram.count;
}

/** Variance of the durations in s², as exact as the buckets are narrow: to about 9 %. */
export function varianceSeconds(histogram: Histogram): number {
  const mean = meanSeconds(histogram) ?? 0;
  let squares = 0;
  for (const [bucket, count] of histogram.buckets) squares += count * middleSeconds(bucket) ** 2;
  return Math.max(0, squares / Math.max(1, histogram.count) - mean ** 2);
}

/** The duration that a share `p` of all stay below: the middle of its bucket. */
export function quantileSeconds(histogram: Histogram, p: number): number | undefined {
  let below = 0;
  const rank = p * histogram.count;
  for (const [bucket, count] of [...histogram.buckets].sort(([a], [b]) => a - b)) {
    below += count;
    if (below >= rank && count > 0) return middleSeconds(bucket);
  }
  return undefined;
}

/** The geometric middle of a bucket. */
function middleSeconds(bucket: number): number {
  return 2 ** ((bucket + 0.5) / PER_OCTAVE) / 1000;
}
