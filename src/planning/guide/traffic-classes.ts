import { totalSlots } from './formulas.js';

/** The two guides, by the names of their files. */
export type GuideName = 'worker-scaling-guide' | 'concurrency-vs-replicas';

export type TrafficClassName = 'low' | 'medium' | 'high' | 'burst';

/** From and to, both included. */
export type Range = readonly [from: number, to: number];

/** What a guide deploys for a class of traffic. Cost is counted in replicas there. */
export interface GuideDeployment {
  guide: GuideName;
  replicas: Range;
  concurrency: Range;
  slots: Range;
  costUnits: Range;
}

export interface TrafficClass {
  name: TrafficClassName;
  /** Jobs an hour; absent for burst, which the guides call variable. Both edges lie in two classes. */
  ratePerHour?: Range;
  deployments: readonly GuideDeployment[];
}

function deployment(guide: GuideName, replicas: Range, concurrency: Range): GuideDeployment {
  const slotsAt = (i: 0 | 1): number =>
    totalSlots({ replicas: replicas[i], concurrency: concurrency[i] });
  return { guide, replicas, concurrency, slots: [slotsAt(0), slotsAt(1)], costUnits: replicas };
}

const SCALING = 'worker-scaling-guide';
const CONCURRENCY = 'concurrency-vs-replicas';

/** Every class of traffic that the guides name, with both guides' deployments. */
export const TRAFFIC_CLASSES: readonly TrafficClass[] = [
  {
    name: 'low',
    ratePerHour: [1, 10],
    deployments: [deployment(SCALING, [1, 1], [2, 2]), deployment(CONCURRENCY, [1, 1], [2, 4])],
  },
  {
    name: 'medium',
    ratePerHour: [10, 50],
    deployments: [deployment(SCALING, [3, 3], [2, 2]), deployment(CONCURRENCY, [2, 3], [4, 4])],
  },
  {
    name: 'high',
    ratePerHour: [50, 200],
    deployments: [deployment(SCALING, [5, 5], [3, 3]), deployment(CONCURRENCY, [5, 10], [4, 4])],
  },
  {
    name: 'burst',
    deployments: [deployment(SCALING, [2, 10], [2, 2]), deployment(CONCURRENCY, [2, 10], [4, 4])],
  },
];

/** Replicas by traffic where the worker scaling guide sets up its service, other than its scenarios. */
export const SETUP_REPLICAS: Readonly<Record<'low' | 'medium' | 'high', Range>> = {
  low: [1, 2],
  medium: [3, 5],
  high: [5, 10],
};

/** Where the worker scaling guide says to start. */
export const STARTING_POINT = deployment(SCALING, [2, 3], [2, 2]);

/** What the other guide recommends by the stage that a system is in. */
export const RECOMMENDED_CHANGES: readonly { stage: string; deployment: GuideDeployment }[] = [
  { stage: 'low to medium traffic', deployment: deployment(CONCURRENCY, [1, 1], [4, 4]) },
  {
    stage: 'growing traffic, 10 an hour and more',
    deployment: deployment(CONCURRENCY, [2, 3], [4, 4]),
  },
  { stage: 'production, high traffic', deployment: deployment(CONCURRENCY, [3, 5], [4, 4]) },
];

/** The deployments that the guides work through as examples. */
export const EXAMPLES: readonly {
  title: string;
  replicas: number;
  concurrency: number;
  slots: number;
}[] = [
  { title: 'more slots in one container', replicas: 1, concurrency: 4, slots: 4 },
  { title: 'more containers', replicas: 5, concurrency: 2, slots: 10 },
  { title: 'both', replicas: 3, concurrency: 4, slots: 12 },
];

/**
 * The classes that a rate lies in: two at an edge (10 and 50), and the nearest one below 1 or above
 * 200, where the guides end.
 */
export function classesOf(ratePerHour: number): TrafficClass[] {
  const steady = TRAFFIC_CLASSES.filter((c) => c.ratePerHour !== undefined);
  const inside = steady.filter(({ ratePerHour: range }) => {
    const [from, to] = range ?? [0, 0];
    return ratePerHour >= from && ratePerHour <= to;
  });
  if (inside.length > 0) return inside;
  const nearest = ratePerHour < 1 ? steady[0] : steady.at(-1);
  return nearest ? [nearest] : [];
}
