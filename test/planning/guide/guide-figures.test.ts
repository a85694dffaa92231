import { describe, expect, it } from 'vitest';
import {
  ALERT_THRESHOLDS,
  CONCURRENCY_ADVICE,
  CONTAINER_CORES,
  LEVERS,
  SCALING_TRIGGERS,
  SERVICE_REPLICAS,
  TASKS_PER_PROCESS,
  WAIT_RATIO_ADVICE,
} from '../../../src/planning/guide/advice.js';
import { chooseLever } from '../../../src/planning/guide/decision-tree.js';
import {
  costUnits,
  guideConcurrency,
  totalSlots,
  wholeSlots,
} from '../../../src/planning/guide/formulas.js';
import {
  GUIDE_MEMORY,
  GUIDE_MEMORY_ALERT,
  GUIDE_PROCESS_MB,
  GUIDE_PROCESS_PARTS_MB,
  perProcessMemoryMb,
  sharedMemoryMb,
} from '../../../src/planning/guide/memory.js';
import {
  DRAWN_SCENARIOS,
  MEASURED_EXAMPLE,
  WORKED_SCENARIOS,
} from '../../../src/planning/guide/scenarios.js';
import {
  classesOf,
  EXAMPLES,
  RECOMMENDED_CHANGES,
  SETUP_REPLICAS,
  STARTING_POINT,
  TRAFFIC_CLASSES,
} from '../../../src/planning/guide/traffic-classes.js';
import { utilizationBand } from '../../../src/planning/utilization.js';

const parts = { ...GUIDE_MEMORY, frameworkMb: 0, perTaskMb: GUIDE_MEMORY.perTaskMb.mid };

describe('worker scaling guide', () => {
  it('concurrency: 2 to 4 cores, CPU-bound 0 to 0.5, I/O-bound 1 to 3', () => {
    expect(CONTAINER_CORES).toEqual({ low: 2, high: 4 });
    expect(WAIT_RATIO_ADVICE.cpuBound).toEqual({ low: 0, high: 0.5 });
    expect(WAIT_RATIO_ADVICE.ioBound).toEqual({ low: 1, high: 3 });
    expect([WAIT_RATIO_ADVICE.translation.low, WAIT_RATIO_ADVICE.ocr.low]).toEqual([0.5, 1]);
    expect([guideConcurrency(2, 0.5), guideConcurrency(4, 0.5), guideConcurrency(2, 1)]).toEqual([
      3, 6, 4,
    ]);
    expect(wholeSlots(guideConcurrency(3, 1 / 3))).toBe(4);
    expect(CONCURRENCY_ADVICE['worker-scaling-guide']).toEqual({
      conservative: { concurrency: 2 },
      aggressive: { concurrency: 4 },
      perContainer: { low: 2, high: 4 },
      start: { low: 2, high: 3 },
      fallback: { concurrency: 1 },
    });
  });

  it('examples: 1 x 4, 5 x 2, 3 x 4', () => {
    expect(EXAMPLES.map(({ slots }) => slots)).toEqual([4, 10, 12]);
    for (const example of EXAMPLES) expect(totalSlots(example)).toBe(example.slots);
  });

  it('memory: 700 MB + 2 x 200 MB = 1.1 GB, three replicas 3.3 GB, alert above 80 %', () => {
    expect(parts.baseMb + parts.modelsMb).toBe(700);
    expect(sharedMemoryMb(2, parts)).toBe(1100);
    expect(3 * sharedMemoryMb(2, parts)).toBe(3300);
    expect(GUIDE_MEMORY.frameworkMb).toBe(50);
    expect(GUIDE_MEMORY.perTaskMb).toEqual({ low: 100, mid: 200, high: 300 });
    expect(GUIDE_MEMORY_ALERT).toBe(0.8);
  });

  it('replicas: beat always 1, workers 1 to 10, dashboard 1; set-up 1-2, 3-5, 5-10', () => {
    expect(SERVICE_REPLICAS).toEqual({
      beat: { low: 1, high: 1 },
      worker: { low: 1, high: 10 },
      dashboard: { low: 1, high: 1 },
    });
    expect(SETUP_REPLICAS).toEqual({ low: [1, 2], medium: [3, 5], high: [5, 10] });
  });

  it('alerts: high priority queue 10, failures 10 %, memory 80 %, success 95 %', () => {
    expect(ALERT_THRESHOLDS).toEqual({
      highPriorityQueueAbove: 10,
      failureRateAbove: 0.1,
      memoryAbove: 0.8,
      successRateAbove: 0.95,
    });
    expect(TASKS_PER_PROCESS).toEqual({ usual: 50, leaking: 25 });
    expect(SCALING_TRIGGERS.backlog).toEqual({ fromReplicas: 3, toReplicas: 5 });
  });

  it('cost: (1 + N + 1) x base', () => {
    expect([1, 3, 5].map((replicas) => costUnits(replicas))).toEqual([3, 5, 7]);
  });

  it('starting point: 2-3 replicas x 2, 4 to 6 slots', () => {
    expect(STARTING_POINT).toMatchObject({ replicas: [2, 3], concurrency: [2, 2], slots: [4, 6] });
  });
});

describe('concurrency versus replicas', () => {
  it('memory: 1.1 GB a process, 2.2, 4.4, 6.6 GB a container, 13.2 GB for three', () => {
    const { languageModel, ocrModel, runtime } = GUIDE_PROCESS_PARTS_MB;
    expect(languageModel + ocrModel + runtime).toBe(GUIDE_PROCESS_MB);
    expect([2, 4, 6].map((slots) => perProcessMemoryMb(slots))).toEqual([2200, 4400, 6600]);
    expect(3 * perProcessMemoryMb(4)).toBe(13_200);
    const advice = CONCURRENCY_ADVICE['concurrency-vs-replicas'];
    for (const { concurrency, memoryMb } of Object.values(advice)) {
      expect(perProcessMemoryMb(concurrency)).toBe(memoryMb);
    }
    expect(advice.conservative.cores).toEqual({ low: 2, high: 4 });
    expect(advice.aggressive.cores).toEqual({ low: 4, high: 8 });
    expect(WAIT_RATIO_ADVICE.documents).toEqual({ low: 0.5, high: 1 });
  });

  it('slots filling up: 25, 50, 75, 100, 100 % with 1 waiting; 8, 33, 100, 100 % with 8 waiting', () => {
    const percent = DRAWN_SCENARIOS.map(({ utilization }) => Math.round(100 * utilization));
    expect(percent).toEqual([25, 50, 75, 100, 100, 8, 33, 100, 100]);
    expect(DRAWN_SCENARIOS.map(({ waiting }) => waiting)).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 8]);
  });

  it('the five worked scenarios', () => {
    const rows = WORKED_SCENARIOS.map((s) => [
      s.replicas,
      s.uploads,
      s.busy,
      s.waiting,
      Math.round(100 * s.utilization),
      s.memoryMb,
      s.cpuPercent,
      s.costUnits,
    ]);
    expect(rows).toEqual([
      [1, 0, 0, 0, 0, 4400, 5, 1],
      [1, 1, 1, 0, 25, 4400, 25, 1],
      [1, 4, 4, 0, 100, 4400, 100, 1],
      [1, 10, 4, 6, 100, 4400, 100, 1],
      [3, 10, 10, 0, 83, 13_200, 83, 3],
    ]);
    for (const { replicas, concurrency, memoryMb } of WORKED_SCENARIOS) {
      expect(replicas * perProcessMemoryMb(concurrency)).toBe(memoryMb);
    }
  });

  it('measured: 8 of 12 slots are 66.7 %, a good band', () => {
    expect(MEASURED_EXAMPLE.utilization).toBeCloseTo(0.667, 3);
    expect(utilizationBand(MEASURED_EXAMPLE.utilization).name).toBe('good');
  });

  it('bands end at 50, 80 and 95 %', () => {
    const band = (utilization: number) => utilizationBand(utilization).name;
    expect([0.499, 0.5, 0.8, 0.801, 0.95, 0.951].map(band)).toEqual([
      'over-provisioned',
      'good',
      'good',
      'high',
      'high',
      'at capacity',
    ]);
  });

  it('recommended changes: 1 x 4, 2-3 x 4, 3-5 x 4', () => {
    expect(RECOMMENDED_CHANGES.map(({ deployment }) => deployment.slots)).toEqual([
      [4, 4],
      [8, 12],
      [12, 20],
    ]);
  });

  it('triggers: by hand 10 and 30 %, automatic 5, 2 and 30 % between 2 and 10 replicas', () => {
    expect(SCALING_TRIGGERS.manual).toEqual({ addAboveQueue: 10, removeBelowUtilization: 0.3 });
    expect(SCALING_TRIGGERS.automatic).toEqual({
      minReplicas: 2,
      maxReplicas: 10,
      addAboveQueue: 5,
      removeBelowQueue: 2,
      removeBelowUtilization: 0.3,
    });
  });

  it('compares the levers in eight features', () => expect(LEVERS).toHaveLength(8));

  it.each([
    [4, { lever: 'none', replicas: 1, concurrency: 4 }],
    [6, { lever: 'concurrency', replicas: 1, concurrency: 6 }],
    [12, { lever: 'replicas', replicas: 3, concurrency: 4 }],
  ])('decides how to get %i slots', (slotsNeeded, choice) => {
    const container = { concurrency: 4, slotsByCores: 6, slotsByMemory: 7 };
    expect(chooseLever({ slotsNeeded, ...container })).toEqual(choice);
  });

  it('adds replicas, not slots, when memory holds no more', () => {
    const container = { concurrency: 4, slotsByCores: 6, slotsByMemory: 3 };
    expect(chooseLever({ slotsNeeded: 6, ...container })).toEqual({
      lever: 'replicas',
      replicas: 2,
      concurrency: 3,
    });
  });
});

describe('both guides', () => {
  it('deploy for each class', () => {
    const rows = TRAFFIC_CLASSES.flatMap(({ name, ratePerHour, deployments }) =>
      deployments.map((d) => [name, ratePerHour, d.replicas, d.concurrency, d.slots]),
    );
    expect(rows).toEqual([
      ['low', [1, 10], [1, 1], [2, 2], [2, 2]],
      ['low', [1, 10], [1, 1], [2, 4], [2, 4]],
      ['medium', [10, 50], [3, 3], [2, 2], [6, 6]],
      ['medium', [10, 50], [2, 3], [4, 4], [8, 12]],
      ['high', [50, 200], [5, 5], [3, 3], [15, 15]],
      ['high', [50, 200], [5, 10], [4, 4], [20, 40]],
      ['burst', undefined, [2, 10], [2, 2], [4, 20]],
      ['burst', undefined, [2, 10], [4, 4], [8, 40]],
    ]);
  });

  it.each([
    [0.2, ['low']],
    [10, ['low', 'medium']],
    [30, ['medium']],
    [50, ['medium', 'high']],
    [1000, ['high']],
  ])('put %d an hour into %j', (rate, names) => {
    expect(classesOf(rate).map(({ name }) => name)).toEqual(names);
  });
});
