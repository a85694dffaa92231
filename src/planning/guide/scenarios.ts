import { utilizationOf } from '../utilization.js';
import { totalSlots } from './formulas.js';

/** So many documents uploaded at the same moment, as the guides picture it. */
export interface UploadScenario {
  title: string;
  replicas: number;
  concurrency: number;
  uploads: number;
  /** Slots that run a document. */
  busy: number;
  waiting: number;
  utilization: number;
  /** Everything once per process, over all replicas; absent where the guide gives none. */
  memoryMb?: number;
  /** Rough CPU use as the guide states it, in percent; absent where it gives none. */
  cpuPercent?: number;
  /** Counted in replicas. */
  costUnits: number;
}

function scenario(
  title: string,
  [replicas, concurrency, uploads]: readonly [number, number, number],
  stated: { memoryMb?: number; cpuPercent?: number } = {},
): UploadScenario {
  const slots = totalSlots({ replicas, concurrency });
  const busy = Math.min(uploads, slots);
  return {
    title,
    replicas,
    concurrency,
    uploads,
    busy,
    waiting: uploads - busy,
    utilization: utilizationOf(busy, slots),
    ...stated,
    costUnits: replicas,
  };
}

/** The five worked scenarios of the guide on concurrency and replicas. */
export const WORKED_SCENARIOS: readonly UploadScenario[] = [
  scenario('no load', [1, 4, 0], { memoryMb: 4400, cpuPercent: 5 }),
  scenario('one upload', [1, 4, 1], { memoryMb: 4400, cpuPercent: 25 }),
  scenario('4 uploads at once', [1, 4, 4], { memoryMb: 4400, cpuPercent: 100 }),
  scenario('10 uploads at once', [1, 4, 10], { memoryMb: 4400, cpuPercent: 100 }),
  scenario('10 uploads on 3 replicas', [3, 4, 10], { memoryMb: 13_200, cpuPercent: 83 }),
];

/** Its drawings of slots filling up. */
export const DRAWN_SCENARIOS: readonly UploadScenario[] = [
  ...[1, 2, 3, 4, 5].map((uploads) => scenario(`${uploads} on one replica`, [1, 4, uploads])),
  ...[1, 4, 12, 20].map((uploads) => scenario(`${uploads} on 3 replicas`, [3, 4, uploads])),
];

/** Its example of measured utilization: 8 of 12 slots. */
export const MEASURED_EXAMPLE: UploadScenario = scenario('8 busy on 3 replicas', [3, 4, 8]);
