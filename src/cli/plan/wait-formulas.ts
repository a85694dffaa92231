import type { Candidate } from '../../planning/capacity/candidate.js';
import type { PlanResult } from '../../planning/capacity/plan.js';
import { midOf, type Profile } from '../../planning/capacity/profile.js';
import type { Step } from './explain.js';
import { figure, percent, seconds } from './layout.js';

/** How a method comes to its figures: formula, source. */
interface Formulas {
  pWait: [formula: string, source: string];
  wait: [formula: string, source: string];
}

const DELAY_PROBABILITY = '1 / (ρ + (1 − ρ)·Σ_n p_n/p_c), p_n: n slots busy';
const EXPONENTIAL_DELAYS =
  'p95 = ln(P(wait) / 0.05) / (capacity − arrival rate), or 0 when P(wait) ≤ 0.05';
const KIMURA = 'Kimura 1986 between the exact M/M/c and M/D/c (Franx 2001): an approximation';

const FORMULAS: Readonly<Record<string, Formulas>> = {
  'M/M/c': {
    pWait: [DELAY_PROBABILITY, 'M/M/c, exact: Erlang 1917'],
    wait: [EXPONENTIAL_DELAYS, 'M/M/c, exact: Erlang 1917'],
  },
  'flow-equivalent server': {
    pWait: [
      DELAY_PROBABILITY,
      'slots that share cores as one server, as fast as its busy slots: an approximation, ' +
        'Chandy, Herzog and Woo 1975',
    ],
    wait: [
      `${EXPONENTIAL_DELAYS}; times M/G/c over M/M/c when scv is not 1`,
      `as above; ${KIMURA}`,
    ],
  },
  'M/D/c': {
    pWait: [
      'P(the jobs of a service time before and the queue fill c)',
      'M/D/c, exact: Spitzer 1956',
    ],
    wait: ['P(W > k − v) = P(queue + Poisson(v·a) ≥ k·c)', 'M/D/c, exact: Franx 2001, eq. 3'],
  },
  'M/G/c': {
    pWait: ['(1 + scv) / (2·scv/P(M/M/c) + (1 − scv)/P(M/D/c))', `M/G/c: as the mean, ${KIMURA}`],
    wait: [
      'mean = (1 + scv) / (2·scv/W(M/M/c) + (1 − scv)/W(M/D/c)); percentiles between those of ' +
        'M/M/c and M/D/c, for scv above 1 of exponential delays with that mean',
      `M/G/c: ${KIMURA}; Tijms 1994`,
    ],
  },
  'M^[X]/M/c': {
    pWait: [
      'balance of flow over each number of jobs',
      'batches, exact: Chaudhry and Templeton 1983',
    ],
    wait: ['P(W > x) = Σ_j P(Poisson(capacity·x) = j)·P(more than j wait) / ρ', 'as above'],
  },
  'M^[X]/G/c': {
    pWait: ['as for exponential service', 'batches: Chaudhry and Templeton 1983, an approximation'],
    wait: [
      'exponential service, longer or shorter by what single documents would wait more or less',
      `as above; ${KIMURA}`,
    ],
  },
  'M(t)/M/c': {
    pWait: [
      'mean over the stretch of P(N(t) ≥ c), from p′ = p·Q(t)',
      'M(t)/M/c by uniformization: Jensen 1953, Grassmann 1977',
    ],
    wait: [
      'P(W > x) = Σ_k P(N = c + k)·P(Poisson(capacity·x) ≤ k), N as arrivals of the stretch find it',
      'as above',
    ],
  },
  simulation: {
    pWait: ['share of the simulated documents that waited', 'simulation; CHECKS has the interval'],
    wait: ['of the simulated documents', 'simulation; CHECKS has the interval of p95'],
  },
};

/** Other than exponential service, or shared cores, in a load that changes. */
const OVER_TIME: Formulas = {
  pWait: [
    'as for M(t)/M/c, steps of the queue scaled to the variance of service',
    'uniformization of a chain with the same drift and variance: an approximation',
  ],
  wait: ['as for M(t)/M/c', 'an approximation'],
};

/** Why a chosen deployment waits as long as it does, or why its backlog grows. */
export function waitSteps({ why }: PlanResult, profile: Profile, chosen: Candidate): Step[] {
  const { wait, capacityPerHour } = chosen;
  const rate =
    wait?.during?.ratePerHour ?? (why.busiestLoadErlangs * 60) / midOf(profile.serviceTimeMinutes);
  if (wait === undefined) return [backlogStep(chosen)];
  const [pWait, percentiles] = stepsOf(FORMULAS[wait.method] ?? OVER_TIME, wait.exact);
  const when = wait.during === undefined ? '' : ` in ${wait.during.name}`;
  return [
    {
      ...pWait,
      name: `P(wait)${when}`,
      numbers:
        `ρ = ${figure(rate, 2)} / ${figure(capacityPerHour, 2)} = ` +
        `${figure(rate / capacityPerHour, 4)}; P(wait) = ${percent(wait.pWait)}`,
    },
    {
      ...percentiles,
      name: `wait${when}`,
      numbers:
        `mean ${seconds(wait.meanWaitSeconds)}, p95 ${seconds(wait.p95WaitSeconds)}, ` +
        `p99 ${seconds(wait.p99WaitSeconds)}`,
    },
    ...(chosen.queues.length > 1 && wait.during === undefined ? [queueStep(chosen)] : []),
  ];
}

type Formula = Pick<Step, 'formula' | 'source'>;

function stepsOf({ pWait, wait }: Formulas, exact: boolean): [pWait: Formula, wait: Formula] {
  // What is exact for a steady load is not for the busiest of several hours.
  const named = (source: string): string => (exact ? source : source.replace(', exact', ''));
  return [
    { formula: pWait[0], source: named(pWait[1]) },
    { formula: wait[0], source: named(wait[1]) },
  ];
}

function backlogStep({ capacityPerHour, backlogGrowthPerHour }: Candidate): Step {
  const arriving = figure(capacityPerHour + backlogGrowthPerHour, 2);
  return {
    name: 'backlog',
    formula: 'arrivals on the average of a day − capacity',
    numbers:
      `${arriving} − ${figure(capacityPerHour, 2)} = ${figure(backlogGrowthPerHour, 2)} ` +
      'documents more every hour',
    source: 'balance of flow',
  };
}

function queueStep({ queues }: Candidate): Step {
  const means = queues.map(({ queue, meanWaitSeconds }) => `${queue} ${seconds(meanWaitSeconds)}`);
  return {
    name: 'mean wait by queue',
    formula:
      'P(wait) / (capacity·(1 − σ_(k−1))·(1 − σ_k)), σ_k: load of queue k and the more urgent ones ' +
      'over capacity',
    numbers: means.join(', '),
    source: 'Cobham 1954; percentiles: Kella and Yechiali 1985, inverted numerically',
  };
}
