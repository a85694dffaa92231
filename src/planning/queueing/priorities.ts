import {
  inverseLaplace,
  complexSqrt,
  divide,
  multiply,
  type Complex,
} from '../numerics/inverse-laplace.js';
import { whereItFallsTo } from '../numerics/decreasing-root.js';
import { requireNonNegative, requireProbability, requireWhole } from './arguments.js';
import { delayProbability } from './erlang.js';
import { waitFactor } from './kimura.js';
import { isList, mixedService } from './service-mix.js';
import type { ServiceTime } from './waiting-time.js';

export interface PriorityInput {
  /** Jobs per second of each class, most urgent first; each at least 0. */
  arrivalRates: readonly number[];
  /** Of all classes, or of each. */
  serviceTime: ServiceTime | readonly ServiceTime[];
  servers: number;
}

/** Waiting of one class. */
export type PriorityWait =
  | {
      stable: true;
      /** Share of the jobs that wait at all. */
      pWait: number;
      /** Mean wait of all jobs of the class, in seconds. */
      mean: number;
      /** Seconds that a share p of the class's jobs do not wait longer than; 0 ≤ p < 1. */
      quantile(p: number): number;
    }
  | {
      stable: false;
      /** Jobs per second by which the class's backlog grows. */
      backlogGrowth: number;
    };

export interface PriorityWaitTimes {
  method: 'M/M/c priority' | 'M/G/c priority';
  /** Whether the method is exact for what was asked: it is for scv 1 and all classes alike. */
  exact: boolean;
  offeredLoad: number;
  utilization: number;
  /** In the order of the arrival rates. An overload starves the least urgent classes alone. */
  classes: PriorityWait[];
}

/**
 * Waiting times of priority classes at equal servers: a free server takes the oldest job of the most
 * urgent class, and finishes what it started. Means by Cobham 1954, eq. 3; quantiles by numerical
 * inversion of Kella and Yechiali 1985, eq. 12. For other than exponential service all delays are
 * scaled as the mean wait of M/G/c (Kimura 1986), which is exact for one server's means only; the same
 * where service times differ by class, each class then counting by its work: beside simulation at 4 and
 * 12 servers, 85 % busy, means and p95 are within 25 %.
 * @throws DswError for arguments that can't be.
 */
export function priorityWaitTimes(input: PriorityInput): PriorityWaitTimes {
  const { arrivalRates, servers } = input;
  arrivalRates.forEach((rate, i) => requireNonNegative(`arrivalRates[${i}]`, rate));
  requireWhole('servers', servers);
  const { mean: serviceSeconds, scv, workShares } = mixedService(arrivalRates, input.serviceTime);
  const exact = scv === 1 && !isList(input.serviceTime);
  const offeredLoad = serviceSeconds * arrivalRates.reduce((sum, rate) => sum + rate, 0);
  const stable = offeredLoad < servers;
  const factor = stable && offeredLoad > 0 ? waitFactor(servers, offeredLoad, scv) : (1 + scv) / 2;
  return {
    method: exact ? 'M/M/c priority' : 'M/G/c priority',
    exact,
    offeredLoad,
    utilization: offeredLoad / servers,
    classes: shareDelays({
      loads: workShares.map((share) => (share * offeredLoad) / servers),
      arrivalRates,
      pWait: delayProbability(servers, offeredLoad),
      serviceRate: servers / serviceSeconds,
      factor,
    }),
  };
}

/** A station as its waiting jobs see it: while any waits, one starts at a constant rate. */
interface Station {
  arrivalRates: readonly number[];
  /** Share of the servers' time that each class needs. */
  loads: readonly number[];
  /** Share of all jobs that wait. */
  pWait: number;
  /** Jobs per second that all servers together finish. */
  serviceRate: number;
  /** By which delays are longer than with exponential service. */
  factor: number;
}

/** Delays of each class at a station. */
export function shareDelays(station: Station): PriorityWait[] {
  const { arrivalRates, loads, pWait, serviceRate, factor } = station;
  let above = 0;
  return loads.map((load, i) => {
    const before = above;
    const upTo = (above += load);
    if (upTo >= 1) {
      const starved = load > 0 ? Math.min(1, (upTo - 1) / load) : 0;
      return { stable: false, backlogGrowth: starved * (arrivalRates[i] ?? 0) };
    }
    const meanDelay = factor / (serviceRate * (1 - before) * (1 - upTo));
    const tail = (seconds: number): number =>
      pWait * delayTail(before, upTo, (seconds * serviceRate) / factor);
    return {
      stable: true,
      pWait,
      mean: pWait * meanDelay,
      quantile: (p) => {
        requireProbability('p', p);
        if (pWait <= 1 - p) return 0;
        return whereItFallsTo((x) => (x === 0 ? pWait : tail(x)), 1 - p, meanDelay);
      },
    };
  });
}

/**
 * P(a delayed job waits longer than t), t in units of one service of the whole station. The job waits
 * for as many services as it finds jobs of its class or above, and one; each takes the busy period
 * that more urgent arrivals make of it, with transform η: η·(1 + s + σ(1 − η)) = 1. The number found is
 * geometric, so the delay has transform (1 − σ′)η/(1 − σ′η), and its tail η/((1 − ση)(1 − σ′η)).
 * @param before σ, load of the more urgent classes.
 * @param upTo σ′, load of these and the class itself.
 */
function delayTail(before: number, upTo: number, t: number): number {
  // Before any service can have ended, the first term of the series is all.
  if (before === 0 || t < 1e-12) return Math.exp(-(1 - upTo) * t);
  return inverseLaplace((s) => {
    const busy = busyPeriod(before, s);
    const a = { re: 1 - before * busy.re, im: -before * busy.im };
    const b = { re: 1 - upTo * busy.re, im: -upTo * busy.im };
    return divide(busy, multiply(a, b));
  }, t);
}

/** η: transform of the busy period that one service starts. */
function busyPeriod(load: number, s: Complex): Complex {
  const sum = { re: 1 + load + s.re, im: s.im };
  const reach = 2 * Math.sqrt(load);
  const root = multiply(
    complexSqrt({ re: sum.re - reach, im: s.im }),
    complexSqrt({ re: sum.re + reach, im: s.im }),
  );
  return divide({ re: 2, im: 0 }, { re: sum.re + root.re, im: sum.im + root.im });
}
