import { describe, expect, it } from 'vitest';
import { priorityWaitTimes, type PriorityWait } from '../../../src/planning/index.js';
import { readOracle, relativeError } from '../../support/oracle.js';

interface Row {
  id: string;
  c: number;
  mu: string;
  classes: (Record<string, string> & { lam: string; Wq: string })[];
}

interface SimulatedRow {
  c: number;
  classes: {
    lam: number;
    Wq: number;
    Wq_ci95: number;
    'wait_q0.95': number;
    'wait_q0.95_ci95': number;
  }[];
}

type StableClass = Extract<PriorityWait, { stable: true }>;

const SHARES = [0.5, 0.9, 0.95, 0.99];

function stableClasses(arrivalRates: number[], mean: number, servers: number): StableClass[] {
  const { classes } = priorityWaitTimes({ arrivalRates, serviceTime: { mean }, servers });
  return classes.map((wait) => {
    if (!wait.stable) throw new Error('unstable');
    return wait;
  });
}

/**
 * P(a delayed job waits longer), by stepping the chain of the jobs that go before it, itself
 * included, through the events of its wait (uniformization): no transform is inverted.
 * @param before, own loads of the more urgent classes and of its own.
 * @param services length of the wait in services of the whole station.
 */
function delayTailByChain(before: number, own: number, services: number): number {
  const upTo = before + own;
  const states = 40 + Math.ceil(Math.log(1e-13) / Math.log(upTo));
  let law = Float64Array.from({ length: states }, (_, n) =>
    n === 0 ? 0 : (1 - upTo) * upTo ** (n - 1),
  );
  const events = services * (1 + before);
  const last = Math.ceil(events + 9 * Math.sqrt(events) + 30);
  let weight = Math.exp(-events);
  let tail = 0;
  for (let event = 0; event <= last; event++) {
    tail += weight * law.reduce((sum, p, n) => (n === 0 ? sum : sum + p), 0);
    weight *= events / (event + 1);
    law = law.map((_, n) =>
      n === 0 ? 0 : ((law[n + 1] ?? 0) + (n > 1 ? before * (law[n - 1] ?? 0) : 0)) / (1 + before),
    );
  }
  return tail;
}

describe('priorityWaitTimes', () => {
  const rows = readOracle('priority') as Row[];

  it('has the reference means to 1e-12', () => {
    expect(rows).toHaveLength(13);
    for (const { id, c, mu, classes } of rows) {
      const rates = classes.map(({ lam }) => Number(lam));
      stableClasses(rates, 1 / Number(mu), c).forEach((wait, i) => {
        expect(relativeError(wait.mean, classes[i]?.Wq ?? NaN), id).toBeLessThan(1e-12);
      });
    }
  });

  it('has the reference quantiles of the most urgent class to 1e-6', () => {
    for (const { id, c, mu, classes } of rows) {
      const rates = classes.map(({ lam }) => Number(lam));
      const first = stableClasses(rates, 1 / Number(mu), c)[0];
      for (const p of SHARES) {
        const expected = classes[0]?.[`wait_q${p}`] ?? NaN;
        expect(relativeError(first?.quantile(p) ?? NaN, expected), id).toBeLessThan(1e-6);
      }
    }
  });

  // The reference file's own inversion is off for short waits of the less urgent classes: by 6 % in
  // the median of Hillier and Lieberman's second class, where 8 million simulated jobs confirm the
  // chain. So these are held to the chain, and to the file where it agrees.
  it('has quantiles of every class that the chain of jobs ahead confirms', () => {
    let agreeing = 0;
    for (const { id, c, mu, classes } of rows.filter(({ c }) => c <= 40)) {
      const rates = classes.map(({ lam }) => Number(lam));
      const stationRate = c * Number(mu);
      let before = 0;
      stableClasses(rates, 1 / Number(mu), c).forEach((wait, i) => {
        const own = (rates[i] ?? NaN) / stationRate;
        for (const p of SHARES) {
          const quantile = wait.quantile(p);
          if (relativeError(quantile, classes[i]?.[`wait_q${p}`] ?? NaN) < 1e-6) agreeing += 1;
          if (quantile === 0 || quantile * stationRate > 150) continue;
          const tail = wait.pWait * delayTailByChain(before, own, quantile * stationRate);
          expect(relativeError(tail, 1 - p), `${id} class ${i}`).toBeLessThan(1e-7);
        }
        before += own;
      });
    }
    expect(agreeing).toBeGreaterThan(100);
  });

  it('lies in the intervals of simulations', () => {
    // The third case has a service time of its own for each class, which this model has not.
    const cases = (readOracle('priority_sim') as SimulatedRow[]).slice(0, 2);
    for (const { c, classes } of cases) {
      const rates = classes.map(({ lam }) => lam);
      stableClasses(rates, 1 / 3, c).forEach((wait, i) => {
        const seen = classes[i];
        if (seen === undefined) throw new Error('class missing');
        expect(Math.abs(wait.mean - seen.Wq)).toBeLessThan(3 * seen.Wq_ci95);
        const offset = Math.abs(wait.quantile(0.95) - seen['wait_q0.95']);
        expect(offset).toBeLessThan(3 * seen['wait_q0.95_ci95']);
      });
    }
  });

  it('starves only the least urgent classes of an overload', () => {
    const { classes, utilization } = priorityWaitTimes({
      arrivalRates: [1, 2, 3, 4],
      serviceTime: { mean: 1 },
      servers: 4,
    });
    expect(utilization).toBe(2.5);
    expect(classes).toMatchObject([
      { stable: true, pWait: 1, mean: 1 / 3 },
      { stable: true, pWait: 1, mean: 4 / 3 },
      { stable: false, backlogGrowth: 2 },
      { stable: false, backlogGrowth: 4 },
    ]);
  });
});
