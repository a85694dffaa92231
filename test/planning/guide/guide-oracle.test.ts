import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { costUnits, guideConcurrency, wholeSlots } from '../../../src/planning/guide/formulas.js';
import {
  GUIDE_MEMORY,
  perProcessMemoryMb,
  sharedMemoryMb,
} from '../../../src/planning/guide/memory.js';
import { uploadsAtOnce } from '../../../src/planning/guide/uploads.js';
import { utilizationBand, utilizationOf } from '../../../src/planning/utilization.js';

interface Oracle {
  formula: { cores: number; wait_ratio: number; optimal: number; floor: number }[];
  utilization: { active: number; total: number; util: number; band: string }[];
  cost: { N: number; seedA_units: number; seedB_units: number }[];
  memory: {
    concurrency: number;
    shared_MB: number;
    shared_with_celery50_MB: number;
    shared_range_MB: [number, number];
    per_process_MB: number;
    per_process_plus_task_MB: number;
    ratio: number;
  }[];
  batch_10_docs: {
    docs: number;
    slots: number;
    service_min: number;
    deterministic: {
      waits: number[];
      mean_wait_all: number;
      mean_wait_of_waiters: number;
      max_wait: number;
      makespan: number;
    };
    exponential: {
      waits: number[];
      mean_wait_of_waiters: number;
      mean_wait_all: number;
      max_wait: number;
      makespan_mean: number;
    };
  };
}

const oracle = JSON.parse(
  readFileSync(new URL('../../fixtures/oracle/seeds.json', import.meta.url), 'utf8'),
) as Oracle;

const BANDS: Record<string, string> = {
  '<50 over-provisioned': 'over-provisioned',
  '50-80 good': 'good',
  '80-95 high': 'high',
  '>95 SCALE NOW': 'at capacity',
};

describe("the guides' arithmetic, against the reference", () => {
  it.each(oracle.formula)('concurrency of $cores cores at $wait_ratio', (row) => {
    const optimal = guideConcurrency(row.cores, row.wait_ratio);
    expect(optimal).toBe(row.optimal);
    expect(wholeSlots(optimal)).toBe(row.floor);
  });

  it.each(oracle.utilization)('band of $active on $total', ({ active, total, util, band }) => {
    expect(utilizationOf(active, total)).toBe(util);
    expect(utilizationBand(util).name).toBe(BANDS[band]);
  });

  it.each(oracle.cost)('cost of $N replicas', ({ N, seedA_units, seedB_units }) => {
    expect(costUnits(N)).toBe(seedA_units);
    expect(N).toBe(seedB_units);
  });

  it.each(oracle.memory)('memory of $concurrency slots', (row) => {
    const slots = row.concurrency;
    const shared = (perTaskMb: number, frameworkMb = 0) =>
      sharedMemoryMb(slots, { ...GUIDE_MEMORY, perTaskMb, frameworkMb });
    const { low, mid, high } = GUIDE_MEMORY.perTaskMb;
    expect(shared(mid)).toBe(row.shared_MB);
    expect(shared(mid, GUIDE_MEMORY.frameworkMb)).toBe(row.shared_with_celery50_MB);
    expect([shared(low), shared(high)]).toEqual(row.shared_range_MB);
    expect(perProcessMemoryMb(slots)).toBe(row.per_process_MB);
    expect(perProcessMemoryMb(slots) + slots * mid).toBe(row.per_process_plus_task_MB);
    expect(perProcessMemoryMb(slots) / shared(mid)).toBe(row.ratio);
  });

  it('ten documents on four slots', () => {
    const { docs, slots, service_min, deterministic, exponential } = oracle.batch_10_docs;
    const result = uploadsAtOnce(docs, slots, () => service_min * 60);
    const waits = result.waves.flatMap(({ documents, waitSeconds }) =>
      Array.from({ length: documents }, () => waitSeconds / 60),
    );
    expect(waits).toEqual(deterministic.waits);
    expect(result.meanWaitSeconds / 60).toBeCloseTo(deterministic.mean_wait_all, 10);
    expect(result.meanWaitOfWaitersSeconds / 60).toBeCloseTo(deterministic.mean_wait_of_waiters);
    expect(result.longestWaitSeconds / 60).toBe(deterministic.max_wait);
    expect(result.finishedAfterSeconds / 60).toBe(deterministic.makespan);
    expect(result.random.meanWaitSeconds / 60).toBeCloseTo(exponential.mean_wait_all, 10);
    expect(result.random.meanWaitOfWaitersSeconds / 60).toBeCloseTo(
      exponential.mean_wait_of_waiters,
      10,
    );
    expect(result.random.longestWaitSeconds / 60).toBe(exponential.max_wait);
    expect(result.random.finishedAfterSeconds / 60).toBeCloseTo(exponential.makespan_mean, 10);
  });
});
