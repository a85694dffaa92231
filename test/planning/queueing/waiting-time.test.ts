import { describe, expect, it } from 'vitest';
import {
  erlangC,
  sojournTime,
  waitTime,
  type StableWait,
  type WaitTimeInput,
} from '../../../src/planning/index.js';
import { readOracle, relativeError } from '../../support/oracle.js';

type Row = Record<string, string | number | undefined> & { id: string; c: number; rho: string };

function stableWait(input: WaitTimeInput): StableWait {
  const wait = waitTime(input);
  if (!wait.stable) throw new Error(`unstable at ${wait.utilization}`);
  return wait;
}

/** Largest relative error of the quantiles that a row gives. */
function quantileError(wait: StableWait, row: Row): number {
  const errors = [0.5, 0.9, 0.95, 0.99, 0.999].map((p) => {
    const expected = row[`wait_q${p}`];
    return expected === undefined ? 0 : relativeError(wait.quantile(p), expected);
  });
  return Math.max(...errors);
}

describe('waitTime', () => {
  it('is exact for M/M/c to 1e-12: mean, P(wait), quantiles', () => {
    const rows = readOracle('mmc') as Row[];
    expect(rows).toHaveLength(78);
    for (const row of rows) {
      const serviceTime = { mean: 1 / Number(row.mu) };
      const wait = stableWait({ arrivalRate: Number(row.lam), serviceTime, servers: row.c });
      expect(wait).toMatchObject({ method: 'M/M/c', exact: true });
      expect(relativeError(wait.mean, row.Wq ?? NaN), row.id).toBeLessThan(1e-12);
      expect(relativeError(wait.pWait, row.erlangC ?? NaN), row.id).toBeLessThan(1e-12);
      expect(quantileError(wait, row), row.id).toBeLessThan(1e-12);
    }
  });

  it('is exact for M/M/c in all that a row states: counts, delayed jobs, service levels, sojourn', () => {
    let levels = 0;
    for (const row of readOracle('mmc') as Row[]) {
      const arrivalRate = Number(row.lam);
      const serviceSeconds = 1 / Number(row.mu);
      const wait = stableWait({
        arrivalRate,
        serviceTime: { mean: serviceSeconds },
        servers: row.c,
      });
      const sojourn = sojournTime({ arrivalRate, serviceSeconds, servers: row.c });
      const close = (actual: number | undefined, field: string, within = 1e-12): void => {
        expect(relativeError(actual ?? NaN, row[field] ?? NaN), `${row.id} ${field}`).toBeLessThan(
          within,
        );
      };
      // Waits below the normal range of a double have lost digits.
      if (wait.mean > 1e-300) {
        close(arrivalRate * wait.mean, 'Lq');
        close(wait.mean / wait.pWait, 'wait_given_delayed_mean');
      }
      close(sojourn?.mean, 'W');
      close(arrivalRate * (sojourn?.mean ?? NaN), 'L');
      close(sojourn?.quantile(0.95), 'sojourn_q0.95');
      for (const p of [0.5, 0.9, 0.95, 0.99, 0.999]) {
        // Of the delayed jobs a share p are the 1 − pWait·(1 − p) of all.
        const q = 1 - wait.pWait * (1 - p);
        if (wait.pWait > 1e-3) close(wait.quantile(q), `wait_cond_q${p}`, 1e-10);
      }
      for (const services of [0.1, 0.25]) {
        const level = Number(row[`sl_wait_le_${services}_service`]);
        // Closer to 1 the level itself no longer tells the wait.
        if (level <= 1 - wait.pWait || level > 0.999) continue;
        levels += 1;
        expect(relativeError(wait.quantile(level), services * serviceSeconds)).toBeLessThan(1e-9);
      }
    }
    expect(levels).toBeGreaterThan(40);
  });

  it('finds the figures that public sources print', () => {
    const printed = readOracle('published') as {
      id: string;
      published?: number[];
      tolerance: number;
    }[];
    const at = (lambda: number, mean: number, servers: number) => ({
      wait: stableWait({ arrivalRate: lambda, serviceTime: { mean }, servers }),
      level: (seconds: number) => {
        const pWait = erlangC(servers, lambda * mean);
        return 1 - pWait * Math.exp((-(servers - lambda * mean) * seconds) / mean);
      },
    });
    const center = at(360 / 1800, 240, 55);
    const made = at(200 / 3600, 180, 14);
    const twelve = at(10 / 300, 300, 12);
    const two = at(9, 1 / 5, 2);
    const found: Record<string, number[]> = {
      erlangC_48_55: [center.wait.pWait, center.level(20), center.wait.mean],
      callcentrehelper_10E_14: [made.wait.pWait, made.level(20), made.wait.mean],
      erlangC_10_12: [twelve.wait.pWait, twelve.level(30)],
      eth_mm2: [
        9 * two.wait.mean,
        sojournTime({ arrivalRate: 9, serviceSeconds: 1 / 5, servers: 2 })?.mean ?? NaN,
      ],
    };
    for (const [id, values] of Object.entries(found)) {
      const row = printed.find((candidate) => candidate.id === id);
      expect(row?.published).toHaveLength(values.length);
      values.forEach((value, i) => {
        const off = Math.abs(value - (row?.published?.[i] ?? NaN));
        expect(off, `${id} ${i}`).toBeLessThan(row?.tolerance ?? 0);
      });
    }
  });

  it('is exact for M/M/c with a million servers', () => {
    for (const row of readOracle('mmc_big') as Row[]) {
      const load = { arrivalRate: Number(row.a), serviceTime: { mean: 1 }, servers: row.c };
      expect(relativeError(stableWait(load).mean, row.Wq ?? NaN), row.id).toBeLessThan(1e-12);
    }
  });

  it('is exact for M/D/c to 1e-9: mean, P(wait), quantiles', () => {
    const rows = readOracle('mdc') as Row[];
    expect(rows).toHaveLength(46);
    for (const row of rows) {
      const arrivalRate = Number(row.rho) * row.c;
      const wait = stableWait({ arrivalRate, serviceTime: { mean: 1, scv: 0 }, servers: row.c });
      expect(wait).toMatchObject({ method: 'M/D/c', exact: true });
      expect(relativeError(wait.mean, row.Wq ?? NaN), row.id).toBeLessThan(1e-9);
      expect(relativeError(wait.pWait, row.P_wait ?? NaN), row.id).toBeLessThan(1e-9);
      expect(quantileError(wait, row), row.id).toBeLessThan(1e-9);
    }
  });

  it('is exact for batches of exponential jobs to 1e-9', () => {
    const rows = readOracle('batch') as Row[];
    expect(rows).toHaveLength(20);
    for (const row of rows) {
      const wait = stableWait({
        arrivalRate: Number(row.lam_docs),
        serviceTime: { mean: 1 / Number(row.mu) },
        servers: row.c,
        batchSize: Number(row.batch),
      });
      expect(wait.exact).toBe(true);
      expect(relativeError(wait.mean, row.Wq ?? NaN), row.id).toBeLessThan(1e-9);
      expect(relativeError(wait.pWait, row.P_doc_waits ?? NaN), row.id).toBeLessThan(1e-9);
      const waiting = Number(row.lam_docs) * wait.mean;
      expect(relativeError(waiting, row.Lq ?? NaN), row.id).toBeLessThan(1e-9);
      expect(relativeError(waiting + wait.offeredLoad, row.L ?? NaN), row.id).toBeLessThan(1e-9);
    }
  });

  it.each([
    ['E2', 0.5, 38, 0.05, 0.006],
    ['H2', 1.5, 40, 0.018, 0.004],
    ['H2', 2, 29, 0.023, 0.004],
    ['H2', 4, 39, 0.073, 0.006],
    ['H2', 9, 44, 0.289, 0.015],
  ])(
    'comes close to exact M/%s/c at scv %d, %i cases: mean within %d, P(wait) within %d',
    (kind, scv, count, meanBound, pBound) => {
      const rows = (readOracle('mphc') as (Row & { kind: string; scv: number })[]).filter(
        (row) => row.kind === kind && row.scv === scv,
      );
      expect(rows).toHaveLength(count);
      for (const row of rows) {
        const arrivalRate = Number(row.rho) * row.c;
        const wait = stableWait({ arrivalRate, serviceTime: { mean: 1, scv }, servers: row.c });
        expect(wait).toMatchObject({ method: 'M/G/c', exact: false });
        expect(relativeError(wait.mean, row.Wq ?? NaN), row.id).toBeLessThan(meanBound);
        expect(relativeError(wait.pWait, row.P_wait ?? NaN), row.id).toBeLessThan(pBound);
      }
    },
  );

  // Two moments do not fix the wait: a bound is the formula's own error for this law, plus the
  // interval of the simulation.
  it.each([
    [0.25, 0.1, 0.13],
    [0.5, 0.09, 0.08],
    [2, 0.14, 0.2],
    [4, 0.25, 0.25],
  ])(
    'comes close to simulated M/lognormal/c at scv %d: mean within %d, p95 within %d',
    (scv, meanBound, p95Bound) => {
      const rows = (readOracle('mlognormal_sim') as (Row & { scv: number })[]).filter(
        // Rarer waits than these, the simulations have too few of to say.
        (row) => row.scv === scv && Number(row.P_wait) > 1e-3,
      );
      expect(rows.length).toBeGreaterThan(20);
      for (const row of rows) {
        const arrivalRate = Number(row.rho) * row.c;
        const wait = stableWait({ arrivalRate, serviceTime: { mean: 1, scv }, servers: row.c });
        const mean = Number(row.Wq);
        const meanSlack = meanBound * mean + Number(row.Wq_ci95);
        expect(Math.abs(wait.mean - mean), row.id).toBeLessThan(meanSlack);
        const p95 = Number(row['wait_q0.95']);
        const p95Slack = p95Bound * p95 + Number(row['wait_q0.95_ci95']) + 0.003;
        expect(Math.abs(wait.quantile(0.95) - p95), row.id).toBeLessThan(p95Slack);
      }
    },
  );

  it('says how an unstable load grows and what would do', () => {
    const hour = 3600;
    const load = { arrivalRate: 10 / hour, serviceTime: { mean: 1200 }, servers: 2 };
    const wait = waitTime(load);
    expect(wait).toMatchObject({ stable: false, serversNeeded: 4 });
    if (!wait.stable) expect(wait.backlogGrowth * hour).toBeCloseTo(4, 12);
  });

  it('has no wait without arrivals', () => {
    const wait = stableWait({ arrivalRate: 0, serviceTime: { mean: 1, scv: 4 }, servers: 1 });
    expect([wait.pWait, wait.mean, wait.quantile(0.999)]).toEqual([0, 0, 0]);
  });

  it.each([
    [{ arrivalRate: -1, serviceTime: { mean: 1 }, servers: 1 }, 'arrivalRate'],
    [{ arrivalRate: 1, serviceTime: { mean: 0 }, servers: 1 }, 'serviceTime.mean'],
    [{ arrivalRate: 1, serviceTime: { mean: 1, scv: NaN }, servers: 1 }, 'serviceTime.scv'],
    [{ arrivalRate: 1, serviceTime: { mean: 1 }, servers: 0.5 }, 'servers'],
    [{ arrivalRate: 1, serviceTime: { mean: 1 }, servers: 2, batchSize: 0.5 }, 'batchSize'],
  ])('refuses %o, naming %s', (input, name) => {
    expect(() => waitTime(input)).toThrow(new RegExp(`^${name}: expected`));
  });
});
