import { describe, expect, it } from 'vitest';
import {
  burstBacklog,
  fluidBacklog,
  offeredLoadCurve,
  staffingSchedule,
  type ArrivalShape,
} from '../../../src/planning/index.js';
import { readOracle, relativeError } from '../../support/oracle.js';

interface Wave {
  lam_mean: number;
  rel_amp: number;
  gamma: number;
  mu: number;
}

interface Reference {
  mt_inf_closed_form: (Wave & { points: { t: number; m_exp: number; m_det: number }[] })[];
  staffing: (Wave & {
    id: string;
    staffing_period: number;
    alpha: number;
    methods: Record<string, { schedule: number[] }>;
  })[];
  burst_transient: {
    base: number;
    peak: number;
    duration_h: number;
    c: number;
    mu: number;
    series: { t: number; EQ: number; P_all_busy: number; EN: number }[];
  }[];
}

const reference = readOracle('time_varying') as Reference;
const PARTS = 4096;

/** λ·(1 + amplitude·sin γt) by its mean in each of many parts of a cycle. */
function waveShape({ lam_mean, rel_amp, gamma }: Wave): ArrivalShape {
  const cycleSeconds = (2 * Math.PI) / gamma;
  const part = cycleSeconds / PARTS;
  const rates = Array.from({ length: PARTS }, (_, i) => {
    const swing = (Math.cos(gamma * i * part) - Math.cos(gamma * (i + 1) * part)) / (gamma * part);
    return lam_mean * (1 + rel_amp * swing);
  });
  return { cycleSeconds, rates };
}

describe('offeredLoadCurve', () => {
  it('is the closed form of a sine for exponential and for constant service', () => {
    expect(reference.mt_inf_closed_form).toHaveLength(3);
    for (const wave of reference.mt_inf_closed_form) {
      const shape = waveShape(wave);
      const exponential = offeredLoadCurve(shape, { mean: 1 / wave.mu, scv: 1 });
      const deterministic = offeredLoadCurve(shape, { mean: 1 / wave.mu, scv: 0 });
      for (const { t, m_exp, m_det } of wave.points) {
        expect(relativeError(exponential(t), m_exp)).toBeLessThan(1e-4);
        expect(relativeError(deterministic(t), m_det)).toBeLessThan(1e-4);
      }
    }
  });

  it('repeats with the cycle and is the plain load when nothing changes', () => {
    const steady = offeredLoadCurve({ cycleSeconds: 10, rates: [2, 2] }, { mean: 3, scv: 0.5 });
    expect([steady(0), steady(7.5), steady(-4), steady(1234)].map((m) => m.toFixed(9))).toEqual(
      Array.from({ length: 4 }, () => '6.000000000'),
    );
  });
});

describe('staffingSchedule', () => {
  it('is the reference schedule in every period', () => {
    expect(reference.staffing).toHaveLength(5);
    for (const { id, staffing_period, alpha, methods, ...wave } of reference.staffing) {
      const shape = waveShape(wave);
      for (const [method, basis] of [
        ['MOL_avg', 'mean'],
        ['MOL_max', 'peak'],
      ] as const) {
        const schedule = staffingSchedule({
          shape,
          serviceTime: { mean: 1 / wave.mu },
          periods: Math.round(shape.cycleSeconds / staffing_period),
          target: { kind: 'waitProbability', most: alpha },
          basis,
        });
        expect(schedule, `${id} ${method}`).toEqual(methods[method]?.schedule);
      }
    }
  });
});

describe('burstBacklog', () => {
  it('follows the reference transient to 1e-4', () => {
    expect(reference.burst_transient).toHaveLength(2);
    for (const { base, peak, duration_h, c, mu, series } of reference.burst_transient) {
      const burst = {
        servers: c,
        serviceSeconds: 1 / mu,
        baseRate: base,
        burstRate: peak,
        burstSeconds: duration_h,
      };
      const points = burstBacklog(
        burst,
        series.map(({ t }) => t),
      );
      points.forEach((point, i) => {
        const expected = series[i];
        expect(Math.abs(point.waiting - (expected?.EQ ?? NaN))).toBeLessThan(1e-6);
        expect(Math.abs(point.inSystem - (expected?.EN ?? NaN))).toBeLessThan(1e-6);
        expect(Math.abs(point.allBusy - (expected?.P_all_busy ?? NaN))).toBeLessThan(1e-6);
      });
      const atEnd = points.find(({ at }) => at === duration_h)?.waiting ?? NaN;
      expect(relativeError(fluidBacklog(burst).peakJobs, atEnd)).toBeLessThan(0.02);
    }
  });

  it('says that a backlog never drains when the base load takes all', () => {
    const burst = { servers: 2, serviceSeconds: 1, baseRate: 2, burstRate: 5, burstSeconds: 10 };
    expect(fluidBacklog(burst)).toEqual({
      peakJobs: 30,
      drainSeconds: undefined,
      longestWaitSeconds: 15,
    });
    expect(() => burstBacklog(burst, [1])).toThrow(/^baseRate × serviceSeconds: expected/);
  });

  it('leaves none behind a burst that the servers can do', () => {
    const burst = { servers: 9, serviceSeconds: 1, baseRate: 2, burstRate: 5, burstSeconds: 10 };
    expect(fluidBacklog(burst)).toMatchObject({ peakJobs: 0, drainSeconds: 0 });
  });
});
