import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  contentionWaitTimes,
  erlangC,
  priorityWaitTimes,
  waitTime,
} from '../../../src/planning/index.js';

const positive = (min: number, max: number): fc.Arbitrary<number> =>
  fc.double({ min, max, noNaN: true });

const loads = fc.record({
  servers: fc.integer({ min: 1, max: 300 }),
  utilization: positive(0.01, 0.99),
  serviceSeconds: positive(1e-3, 1e5),
  scv: fc.oneof(fc.constantFrom(0, 1), positive(0, 10)),
  batchSize: fc.oneof(fc.constant(1), positive(1, 30)),
});

type Load = typeof loads extends fc.Arbitrary<infer T> ? T : never;

function inputOf({ servers, utilization, serviceSeconds, scv, batchSize }: Load) {
  const arrivalRate = (utilization * servers) / serviceSeconds;
  return { arrivalRate, serviceTime: { mean: serviceSeconds, scv }, servers, batchSize };
}

const SHARES = [0.3, 0.5, 0.9, 0.95, 0.999];

function figures(wait: ReturnType<typeof waitTime>): number[] {
  if (!wait.stable) return [wait.backlogGrowth, wait.serversNeeded, wait.utilization];
  return [wait.pWait, wait.mean, ...SHARES.map((p) => wait.quantile(p))];
}

describe('waiting times', () => {
  it('are finite and not negative for any valid load', () => {
    const any = fc.record({
      arrivalRate: fc.oneof(fc.constant(0), positive(1e-12, 1e6)),
      serviceTime: fc.record({ mean: positive(1e-9, 1e6), scv: positive(0, 100) }),
      servers: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 5000 })),
      batchSize: fc.oneof(fc.constant(1), positive(1, 40)),
    });
    fc.assert(
      fc.property(any, (input) => {
        for (const figure of figures(waitTime(input))) {
          expect(Number.isFinite(figure) && figure >= 0).toBe(true);
        }
      }),
    );
  });

  it('never rise with a server more', () => {
    fc.assert(
      fc.property(loads, (load) => {
        const input = inputOf(load);
        const fewer = figures(waitTime(input));
        const more = figures(waitTime({ ...input, servers: input.servers + 1 }));
        more.forEach((figure, i) => {
          expect(figure).toBeLessThanOrEqual(
            (fewer[i] ?? 0) * (1 + 1e-9) + 1e-12 * load.serviceSeconds,
          );
        });
      }),
    );
  });

  it('scale with the unit of time', () => {
    fc.assert(
      fc.property(loads, positive(1e-3, 1e3), (load, unit) => {
        const [pWait = 0, ...times] = figures(waitTime(inputOf(load)));
        const scaled = { ...load, serviceSeconds: load.serviceSeconds * unit };
        const [pScaled = 0, ...timesScaled] = figures(waitTime(inputOf(scaled)));
        expect(Math.abs(pScaled - pWait)).toBeLessThan(1e-9);
        timesScaled.forEach((time, i) => {
          const slack = 1e-7 * (times[i] ?? 0) + 1e-9 * load.serviceSeconds;
          expect(Math.abs(time / unit - (times[i] ?? 0))).toBeLessThan(slack);
        });
      }),
    );
  });

  it('rise with the share of jobs that they bound', () => {
    fc.assert(
      fc.property(loads, (load) => {
        const wait = waitTime(inputOf(load));
        if (!wait.stable) return;
        const quantiles = SHARES.map((p) => wait.quantile(p));
        expect([...quantiles].sort((a, b) => a - b)).toEqual(quantiles);
      }),
    );
  });
});

const classLoads = fc.record({
  shares: fc.array(positive(0.01, 1), { minLength: 1, maxLength: 6 }),
  servers: fc.integer({ min: 1, max: 200 }),
  utilization: positive(0.05, 0.98),
  scv: fc.constantFrom(0, 0.5, 1, 3),
});

describe('priority classes', () => {
  it('share the wait of one queue: work in all queues together stays the same', () => {
    fc.assert(
      fc.property(classLoads, ({ shares, servers, utilization, scv }) => {
        const total = shares.reduce((sum, share) => sum + share, 0);
        const arrivalRates = shares.map((share) => (share / total) * utilization * servers);
        const serviceTime = { mean: 1, scv };
        const { classes } = priorityWaitTimes({ arrivalRates, serviceTime, servers });
        const together = classes.reduce(
          (sum, wait, i) => sum + (wait.stable ? wait.mean * (arrivalRates[i] ?? 0) : NaN),
          0,
        );
        const arrivalRate = utilization * servers;
        const single = waitTime({ arrivalRate, serviceTime, servers });
        const expected = single.stable ? single.mean * arrivalRate : NaN;
        expect(Math.abs(together - expected)).toBeLessThanOrEqual(1e-9 * expected);
      }),
    );
  });

  it('wait longer the less urgent they are, in the mean and at p95', () => {
    fc.assert(
      fc.property(classLoads, ({ shares, servers, utilization, scv }) => {
        const total = shares.reduce((sum, share) => sum + share, 0);
        const arrivalRates = shares.map((share) => (share / total) * utilization * servers);
        const { classes } = priorityWaitTimes({
          arrivalRates,
          serviceTime: { mean: 1, scv },
          servers,
        });
        for (const read of [
          (wait: (typeof classes)[number]) => (wait.stable ? wait.mean : NaN),
          (wait: (typeof classes)[number]) => (wait.stable ? wait.quantile(0.95) : NaN),
        ]) {
          const values = classes.map(read);
          values.slice(1).forEach((value, i) => {
            expect(value).toBeGreaterThanOrEqual((values[i] ?? NaN) * (1 - 1e-9));
          });
        }
      }),
    );
  });
});

describe('slots that share cores', () => {
  it('are Erlang’s servers when they never compete', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 20 }),
        positive(0, 3),
        positive(0.05, 0.98),
        (slots, replicas, waitRatio, utilization) => {
          const servers = slots * replicas;
          const { pWait, busySlots } = contentionWaitTimes({
            arrivalRates: [utilization * servers],
            serviceTime: { mean: 1 },
            replicas,
            slots,
            cores: slots,
            waitRatio,
          });
          expect(Math.abs(pWait / erlangC(servers, utilization * servers) - 1)).toBeLessThan(1e-10);
          expect(Math.abs(busySlots / (utilization * servers) - 1)).toBeLessThan(1e-10);
        },
      ),
    );
  });

  it('never give a shorter wait for fewer cores', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        positive(0.25, 8),
        positive(0, 3),
        positive(0.05, 2),
        (slots, cores, waitRatio, arrivalRate) => {
          const input = {
            arrivalRates: [arrivalRate],
            serviceTime: { mean: 1 },
            replicas: 2,
            slots,
          };
          const few = contentionWaitTimes({ ...input, cores, waitRatio });
          const many = contentionWaitTimes({ ...input, cores: cores * 1.5, waitRatio });
          expect(many.pWait).toBeLessThanOrEqual(few.pWait + 1e-12);
          expect(many.serviceRate).toBeGreaterThanOrEqual(few.serviceRate * (1 - 1e-12));
        },
      ),
    );
  });
});
