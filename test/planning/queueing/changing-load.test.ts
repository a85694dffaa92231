import { describe, expect, it } from 'vitest';
import { burstBacklog, waitTime } from '../../../src/planning/index.js';
import { waitsUnderChange } from '../../../src/planning/queueing/changing-load.js';
import type { ChangingStation } from '../../../src/planning/queueing/state-grid.js';
import { relativeError } from '../../support/oracle.js';

const SERVICE_SECONDS = 1200;

function station(servers: number, changes: Partial<ChangingStation> = {}): ChangingStation {
  const rateOf = (busy: number): number => busy / SERVICE_SECONDS;
  return { servers, rateOf, factor: 1, batchSize: 1, ...changes };
}

describe('waits under a load that changes', () => {
  it.each([
    [1, 0.8],
    [12, 9],
    [24, 16.7],
  ])('are those of M/M/c where it does not: %i servers, %d erlangs', (servers, load) => {
    const arrivalRate = load / SERVICE_SECONDS;
    const exact = waitTime({ arrivalRate, serviceTime: { mean: SERVICE_SECONDS }, servers });
    if (!exact.stable) throw new Error('expected a stable load');
    const [wait] = waitsUnderChange(station(servers), arrivalRate, [
      { seconds: 9000, arrivalRate },
    ]);
    expect(wait?.everyState).toBe(true);
    expect(relativeError(wait?.pWait ?? 0, exact.pWait)).toBeLessThan(1e-9);
    expect(relativeError(wait?.meanSeconds ?? 0, exact.mean)).toBeLessThan(1e-9);
    expect(relativeError(wait?.busy ?? 0, load)).toBeLessThan(1e-9);
    for (const p of [0.9, 0.99, 0.999])
      expect(Math.abs((wait?.quantile(p) ?? 0) - exact.quantile(p))).toBeLessThan(1e-5);
  });

  it('see what the mean backlog over a burst is', () => {
    const burst = {
      servers: 16,
      serviceSeconds: SERVICE_SECONDS,
      baseRate: 10 / 3600,
      burstRate: 50 / 3600,
      burstSeconds: 7200,
    };
    const [wait] = waitsUnderChange(station(16), burst.baseRate, [
      { seconds: burst.burstSeconds, arrivalRate: burst.burstRate },
    ]);
    // Mean of P(all busy) and of (waiting + 1) services of those, by Simpson's rule over the burst.
    const looks = 200;
    const moments = Array.from({ length: looks + 1 }, (_, i) => (i * burst.burstSeconds) / looks);
    const weight = (i: number): number => (i === 0 || i === looks ? 1 : i % 2 === 1 ? 4 : 2);
    const points = burstBacklog(burst, moments);
    const meanOf = (read: (i: number) => number): number =>
      points.reduce((sum, _, i) => sum + weight(i) * read(i), 0) / (3 * looks);
    const pWait = meanOf((i) => points[i]?.allBusy ?? 0);
    const mean = meanOf((i) => (points[i]?.waiting ?? 0) + (points[i]?.allBusy ?? 0));
    expect(relativeError(wait?.pWait ?? 0, pWait)).toBeLessThan(1e-6);
    expect(relativeError(wait?.meanSeconds ?? 0, (mean * SERVICE_SECONDS) / 16)).toBeLessThan(1e-6);
  });

  it('stay within 4 % when several states are one', () => {
    const load = [{ seconds: 7200, arrivalRate: 590 / 3600 }];
    const [coarse] = waitsUnderChange(station(200), 100 / 3600, load);
    expect(coarse?.everyState).toBe(false);
    // Exact, once by every state of the same chain.
    expect(relativeError(coarse?.meanSeconds ?? 0, 22.48)).toBeLessThan(0.04);
    expect(relativeError(coarse?.quantile(0.95) ?? 0, 151.9)).toBeLessThan(0.04);
    expect(relativeError(coarse?.busy ?? 0, 168.15)).toBeLessThan(1e-3);
  });

  it('are longer after a day that left a backlog', () => {
    const load = [{ seconds: 3600, arrivalRate: 10 / 3600 }];
    const [without] = waitsUnderChange(station(4), 10 / 3600, load);
    const [left] = waitsUnderChange(station(4), 10 / 3600, load, 20);
    expect(left?.meanSeconds).toBeGreaterThan(4000);
    expect(without?.meanSeconds).toBeLessThan(2000);
  });
});
