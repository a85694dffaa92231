import type { ChangingStation } from '../queueing/state-grid.js';
import type { StretchWait } from '../queueing/stretch-wait.js';
import { contentionStation } from '../queueing/contention-wait.js';
import { shareDelays } from '../queueing/priorities.js';
import { busyWaits, type BusyTimes } from './busy-times.js';
import type { DayStretch } from './day-shape.js';
import type { DeploymentWaits, OverallWait, Wait, WaitQuestion } from './deployment-waits.js';
import type { Deployment } from './profile.js';
import { contentionInput } from './steady-waits.js';

/** Waits where a day is worst: in equilibrium, or in one of the times to be followed. */
export function worstWaits(
  question: WaitQuestion,
  deployment: Deployment,
  steady: DeploymentWaits,
  times: BusyTimes,
): DeploymentWaits {
  const most = times.stretches.reduce((rate, stretch) => Math.max(rate, stretch.ratePerHour), 0);
  const alone = contentionStation(contentionInput(question, deployment, most));
  const station = {
    ...alone,
    factor: factorWithin(times.stretches, alone),
    batchSize: question.batchSize,
  };
  const separate = deployment.concurrency <= question.cores;
  const plain = separate && question.point.serviceTimeScv === 1 && question.batchSize === 1;
  const longest = busyWaits(station, times)
    .sort((a, b) => b.wait.meanSeconds - a.wait.meanSeconds)
    .slice(0, COMPARED);
  const parts = longest.map(({ stretch, wait, passed }): Part => ({
    busyShare: wait.busy / station.servers,
    residenceSeconds: residence(station, wait.busy),
    overall: {
      ...wait,
      method: separate ? (plain ? 'M(t)/M/c' : 'M(t)/G/c') : 'flow-equivalent server, over time',
      exact: plain && times.startsInEquilibrium && wait.everyState,
      during: stretch,
      followedSeconds: times.backSeconds + passed,
    },
    get queues() {
      return queueWaits(question, station, stretch, wait);
    },
  }));
  const { overall } = steady;
  if (overall !== undefined) parts.push(withOverall(steady, overall));
  return atCapacity(steady.capacityPerHour, worstOf(parts));
}

/** Stretches whose percentiles are compared: those with the longest mean waits. */
const COMPARED = 3;

type Part = Omit<DeploymentWaits, 'capacityPerHour' | 'overall'> & { overall: OverallWait };

function withOverall(waits: DeploymentWaits, overall: OverallWait): Part {
  const { busyShare, residenceSeconds } = waits;
  return {
    busyShare,
    residenceSeconds,
    overall,
    get queues() {
      return waits.queues;
    },
  };
}

/** Service times in which half of it shows that they vary more or less than exponential ones. */
const HALF_SHOWN = 10;
const LEAST_FACTOR = 0.25;

/**
 * By which delays are longer: at first as with exponential service, because services that began at any
 * time end at random; what M/G/c says, in the end.
 */
function factorWithin(
  stretches: readonly DayStretch[],
  { factor, rateOf, servers }: ChangingStation,
): number {
  const seconds = stretches.reduce((sum, stretch) => sum + stretch.seconds, 0);
  const services = (seconds * rateOf(servers)) / servers;
  return Math.max(LEAST_FACTOR, 1 + ((factor - 1) * services) / (services + HALF_SHOWN));
}

function atCapacity(capacityPerHour: number, part: Part): DeploymentWaits {
  const { busyShare, residenceSeconds, overall } = part;
  return {
    capacityPerHour,
    busyShare,
    residenceSeconds,
    overall,
    get queues() {
      return part.queues;
    },
  };
}

function residence({ rateOf, servers }: ChangingStation, busy: number): number {
  const near = Math.min(servers, Math.max(1, Math.round(busy)));
  return near / rateOf(near);
}

/**
 * Waits by queue in a stretch: as in equilibrium where that is possible, but no longer than what all
 * have to wait, stretched by the more urgent work that comes meanwhile.
 */
function queueWaits(
  { shares, point }: WaitQuestion,
  { servers, rateOf, factor }: ChangingStation,
  { ratePerHour }: DayStretch,
  wait: StretchWait,
): Wait[] {
  const serviceRate = rateOf(servers);
  const arrivalRates = shares.map((share) => (share * ratePerHour) / 3600);
  const loads = arrivalRates.map(
    (rate, i) => (rate * (point.queueFactors?.[i] ?? 1)) / serviceRate,
  );
  const classes = shareDelays({ arrivalRates, loads, pWait: wait.pWait, serviceRate, factor });
  let before = 0;
  return classes.map((settled, i) => {
    const stretched = 1 / Math.max(0.01, 1 - before);
    before += loads[i] ?? 0;
    const mean = stretched * wait.meanSeconds;
    const quantile = (p: number): number => stretched * wait.quantile(p);
    if (!settled.stable) return { pWait: wait.pWait, meanSeconds: mean, quantile };
    return {
      pWait: wait.pWait,
      meanSeconds: Math.min(mean, settled.mean),
      quantile: (p) => Math.min(quantile(p), settled.quantile(p)),
    };
  });
}

/** Each figure from the part where it is worst; what they are of, from that with the longest p95 wait. */
function worstOf(parts: readonly Part[]): Part {
  const p95s = parts.map(({ overall }) => overall.quantile(0.95));
  const most = p95s.indexOf(Math.max(...p95s));
  const { overall } = parts[most] as Part;
  return {
    busyShare: Math.max(...parts.map(({ busyShare }) => busyShare)),
    residenceSeconds: Math.max(...parts.map(({ residenceSeconds }) => residenceSeconds)),
    overall: {
      ...overall,
      ...longest(parts.map((part) => part.overall)),
      exact: parts.every((part) => part.overall.exact),
    },
    get queues() {
      const all = parts.map(({ queues }) => queues);
      return (all[0] ?? []).map((_, i) => {
        const waits = all.map((queues) => queues[i]);
        return waits.every((wait) => wait !== undefined) ? longest(waits) : undefined;
      });
    },
  };
}

function longest(waits: readonly Wait[]): Wait {
  const known = new Map<number, number>();
  return {
    pWait: Math.max(...waits.map(({ pWait }) => pWait)),
    meanSeconds: Math.max(...waits.map(({ meanSeconds }) => meanSeconds)),
    quantile: (p) => {
      const value = known.get(p) ?? Math.max(...waits.map((wait) => wait.quantile(p)));
      known.set(p, value);
      return value;
    },
  };
}
