import { describe, expect, it } from 'vitest';
import {
  capacityPerHour,
  costUnits,
  guideConcurrency,
  impliedServiceMinutes,
  slotsAtUtilization,
  wholeSlots,
} from '../../../src/planning/guide/formulas.js';
import {
  GUIDE_MEMORY,
  perProcessMemoryMb,
  sharedMemoryMb,
} from '../../../src/planning/guide/memory.js';
import { uploadsAtOnce } from '../../../src/planning/guide/uploads.js';
import { fewestServers, waitTime } from '../../../src/planning/index.js';
import { utilizationBand, utilizationOf } from '../../../src/planning/utilization.js';
import { readOracle, relativeError } from '../../support/oracle.js';

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
  configs_at_20min: {
    config: string;
    lam_per_hour: number;
    slots: number;
    offered_erlangs: number;
    rho: number;
    stable: boolean;
    max_lam: number;
    backlog_growth_per_hour?: number;
    erlangC: number;
    Wq_min: number;
    p95_wait_min: number;
    mdc_P_wait: number;
    mdc_Wq_min: number;
    band: string;
  }[];
  need: {
    lam_per_hour: number;
    offered_erlangs: number;
    min_stable_slots: number;
    need: Record<string, Record<string, number>>;
  }[];
  implied_service_time: {
    config: string;
    slots: number;
    class_top_per_hour: number;
    service_min_at_80pct: number;
    service_min_at_100pct: number;
  }[];
}

const oracle = readOracle('seeds') as Oracle;

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

  it.each(oracle.configs_at_20min)('$config at $lam_per_hour an hour of 20 minutes', (row) => {
    const load = { arrivalRate: row.lam_per_hour / 3600, servers: row.slots };
    const wait = waitTime({ ...load, serviceTime: { mean: 1200 } });
    expect(wait.offeredLoad).toBeCloseTo(row.offered_erlangs, 6);
    expect(wait.utilization).toBeCloseTo(row.rho, 6);
    expect(wait.stable).toBe(row.stable);
    expect(capacityPerHour(row.slots, 20)).toBeCloseTo(row.max_lam, 10);
    expect(utilizationBand(wait.utilization).name).toBe(BANDS[row.band]);
    if (!wait.stable) {
      expect(wait.backlogGrowth * 3600).toBeCloseTo(row.backlog_growth_per_hour ?? NaN, 10);
      return;
    }
    expect(relativeError(wait.pWait, row.erlangC)).toBeLessThan(1e-12);
    expect(relativeError(wait.mean / 60, row.Wq_min)).toBeLessThan(1e-12);
    expect(relativeError(wait.quantile(0.95) / 60, row.p95_wait_min)).toBeLessThan(1e-12);
    const alike = waitTime({ ...load, serviceTime: { mean: 1200, scv: 0 } });
    if (!alike.stable) throw new Error('unstable');
    expect(relativeError(alike.pWait, row.mdc_P_wait)).toBeLessThan(1e-9);
    expect(relativeError(alike.mean / 60, row.mdc_Wq_min)).toBeLessThan(1e-9);
  });

  it.each(oracle.need)('slots for $lam_per_hour an hour of 20 minutes', (row) => {
    const load = { arrivalRate: row.lam_per_hour / 3600, serviceSeconds: 1200 };
    expect(load.arrivalRate * 1200).toBeCloseTo(row.offered_erlangs, 12);
    const atAll = fewestServers(load, { kind: 'waitProbability', most: 1 });
    expect(atAll).toBe(row.min_stable_slots);
    expect(Object.keys(row.need)).toHaveLength(5);
    for (const [wanted, found] of Object.entries(row.need)) {
      const slots = slotsFor(wanted, load);
      expect(slots, wanted).toBe(found.slots);
      for (const concurrency of [2, 3, 4])
        expect(Math.ceil(slots / concurrency)).toBe(found[`replicas_x${concurrency}`]);
      expect(row.offered_erlangs / slots).toBeCloseTo(found.rho ?? NaN, 12);
    }
  });

  it.each(oracle.implied_service_time)('service time that $config implies', (row) => {
    const { slots, class_top_per_hour: top } = row;
    expect(impliedServiceMinutes(slots, top, 0.8)).toBeCloseTo(row.service_min_at_80pct, 10);
    expect(impliedServiceMinutes(slots, top, 1)).toBeCloseTo(row.service_min_at_100pct, 10);
  });
});

/** Fewest slots for a target as the reference words it. */
function slotsFor(wanted: string, load: { arrivalRate: number; serviceSeconds: number }): number {
  const [number = NaN] = [...wanted.matchAll(/\d+(\.\d+)?/g)]
    .slice(-1)
    .map(([text]) => Number(text));
  if (wanted.startsWith('rho'))
    return slotsAtUtilization(load.arrivalRate * load.serviceSeconds, number);
  if (wanted.startsWith('P(wait)'))
    return fewestServers(load, { kind: 'waitProbability', most: number / 100 });
  return fewestServers(load, { kind: 'waitQuantile', p: 0.95, mostSeconds: number * 60 });
}
