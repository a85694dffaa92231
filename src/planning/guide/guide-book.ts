import { utilizationBand, type UtilizationBand } from '../utilization.js';
import { ALERT_THRESHOLDS, LEVERS, SCALING_TRIGGERS, TASKS_PER_PROCESS } from './advice.js';
import { chooseLever, type LeverChoice, type LeverInput } from './decision-tree.js';
import {
  capacityPerHour,
  GOOD_UTILIZATION,
  impliedServiceMinutes,
  slotsAtUtilization,
} from './formulas.js';
import {
  DRAWN_SCENARIOS,
  MEASURED_EXAMPLE,
  WORKED_SCENARIOS,
  type UploadScenario,
} from './scenarios.js';
import {
  EXAMPLES,
  RECOMMENDED_CHANGES,
  SETUP_REPLICAS,
  STARTING_POINT,
  TRAFFIC_CLASSES,
  type GuideDeployment,
  type Range,
  type TrafficClassName,
} from './traffic-classes.js';

/** A guide's deployment beside a load, by the guides' own arithmetic: smallest and largest form. */
export interface GuideVerdict extends GuideDeployment {
  /** Jobs an hour that it finishes, as slots / service time. */
  capacityPerHour: readonly [number, number];
  /** Busy share of its slots at the load's mid rate; above 1 when they don't suffice. */
  utilization: readonly [number, number];
  band: UtilizationBand['name'];
}

/** What a guide deploys for a class of traffic, and how long documents may take there. */
export interface GuideScenario extends GuideDeployment {
  traffic: TrafficClassName;
  /** Jobs an hour of the class; absent for burst, which the guides call variable. */
  ratePerHour?: Range;
  capacityPerHour: readonly [number, number];
  /** Longest service time at which it finishes the top of its class 80 % busy. */
  minutesAtGoodUse?: readonly [number, number];
  /** The same with all slots busy all the time. */
  minutesAtFullUse?: readonly [number, number];
}

/** Replicas by the guides' arithmetic when the load is highest and lowest. */
interface OffPeakReplicas {
  peakRatePerHour: number;
  peakReplicas: number;
  offPeakRatePerHour: number;
  offPeakReplicas: number;
  concurrency: number;
}

/** Everything that the guides tabulate, worked out for one service time and load. */
export interface GuideBook {
  scenarios: GuideScenario[];
  /** Uploads at one moment: the worked scenarios, the drawings, and a measured example. */
  uploads: UploadScenario[];
  examples: typeof EXAMPLES;
  startingPoint: GuideVerdict;
  setupReplicas: typeof SETUP_REPLICAS;
  stages: ({ stage: string } & GuideVerdict)[];
  decisionTree: LeverInput & { choice: LeverChoice };
  levers: typeof LEVERS;
  offPeak: OffPeakReplicas;
  triggers: typeof SCALING_TRIGGERS;
  alerts: typeof ALERT_THRESHOLDS;
  tasksPerProcess: typeof TASKS_PER_PROCESS;
}

export interface GuideBookInput {
  serviceMinutes: number;
  /** Jobs an hour: usual, most and least. */
  ratePerHour: { low: number; mid: number; high: number };
  /** Concurrency by the guides' formula. */
  formulaSlots: number;
  container: Pick<LeverInput, 'concurrency' | 'slotsByMemory'>;
}

export function guideBook(input: GuideBookInput): GuideBook {
  const { serviceMinutes, ratePerHour, formulaSlots } = input;
  const erlangs = (rate: number): number => (rate * serviceMinutes) / 60;
  const slotsNeeded = slotsAtUtilization(erlangs(ratePerHour.mid), GOOD_UTILIZATION);
  const lever = { ...input.container, slotsNeeded, slotsByCores: formulaSlots };
  const replicasFor = (rate: number): number =>
    Math.ceil(slotsAtUtilization(erlangs(rate), GOOD_UTILIZATION) / formulaSlots);
  const judged = (deployment: GuideDeployment): GuideVerdict =>
    judgeDeployment(deployment, serviceMinutes, erlangs(ratePerHour.mid));
  return {
    scenarios: scenariosAt(serviceMinutes),
    uploads: [...WORKED_SCENARIOS, ...DRAWN_SCENARIOS, MEASURED_EXAMPLE],
    examples: EXAMPLES,
    startingPoint: judged(STARTING_POINT),
    setupReplicas: SETUP_REPLICAS,
    stages: RECOMMENDED_CHANGES.map(({ stage, deployment }) => ({ stage, ...judged(deployment) })),
    decisionTree: { ...lever, choice: chooseLever(lever) },
    levers: LEVERS,
    offPeak: {
      peakRatePerHour: ratePerHour.high,
      peakReplicas: replicasFor(ratePerHour.high),
      offPeakRatePerHour: ratePerHour.low,
      offPeakReplicas: replicasFor(ratePerHour.low),
      concurrency: formulaSlots,
    },
    triggers: SCALING_TRIGGERS,
    alerts: ALERT_THRESHOLDS,
    tasksPerProcess: TASKS_PER_PROCESS,
  };
}

/** @param offeredLoad in erlangs. */
export function judgeDeployment(
  deployment: GuideDeployment,
  serviceMinutes: number,
  offeredLoad: number,
): GuideVerdict {
  const [least, most] = deployment.slots;
  return {
    ...deployment,
    capacityPerHour: [
      capacityPerHour(least, serviceMinutes),
      capacityPerHour(most, serviceMinutes),
    ],
    utilization: [offeredLoad / least, offeredLoad / most],
    band: utilizationBand(offeredLoad / most).name,
  };
}

function scenariosAt(serviceMinutes: number): GuideScenario[] {
  return TRAFFIC_CLASSES.flatMap(({ name, ratePerHour, deployments }) =>
    deployments.map((deployment) => {
      const [least, most] = deployment.slots;
      const implied = (utilization: number): readonly [number, number] | undefined =>
        ratePerHour && [
          impliedServiceMinutes(least, ratePerHour[1], utilization),
          impliedServiceMinutes(most, ratePerHour[1], utilization),
        ];
      const atGood = implied(GOOD_UTILIZATION);
      const atFull = implied(1);
      return {
        traffic: name,
        ...(ratePerHour && { ratePerHour }),
        ...deployment,
        capacityPerHour: [
          capacityPerHour(least, serviceMinutes),
          capacityPerHour(most, serviceMinutes),
        ] as const,
        ...(atGood && { minutesAtGoodUse: atGood }),
        ...(atFull && { minutesAtFullUse: atFull }),
      };
    }),
  );
}
