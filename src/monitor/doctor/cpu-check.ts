import { WAIT_RATIO_ADVICE } from '../../planning/guide/advice.js';
import { formatPercent } from '../../planning/readable.js';
import { crowdingOf } from '../../planning/slot-crowding.js';
import type { WorkerSnapshot } from '../../planning/snapshot.js';
import type { TaskFigures } from '../../planning/task-figures.js';
import { presentWorkers, type Check, type Examination, type Finding } from './check.js';

/** Cores in use to this share are what jobs wait for. */
const SATURATED = 0.9;
/** So many times what the formula gives is more than an uneven load explains. */
const CROWDED = 1.5;

export const CPU_CHECK: Check = { id: 'cpu-quota', look: cpuQuota };

/** Slots against the cores that a worker really may use, by the planner's model of shared cores. */
function cpuQuota(examination: Examination): Finding[] {
  const share = cpuShare(examination.figures.tasks);
  if (share === undefined) return [];
  return presentWorkers(examination).flatMap((worker) => {
    const { id, slots, cpuLimitCores: cores, cpuCores } = worker;
    const waitRatio = waitRatioOf(worker, share);
    const crowding = crowdingOf({ slots, cores, waitRatio });
    if (!crowding || slots <= CROWDED * crowding.enough) return [];
    const { enough, stretch, stretchAtEnough, gain } = crowding;
    return [
      {
        severity: 'warning' as const,
        title: `more slots in ${id} than its cores can feed`,
        evidence:
          `${slots} slots share ${Number(cores.toFixed(2))} cores (${formatPercent(cpuCores / cores)} in use); ` +
          `at a wait ratio of ${waitRatio.toFixed(1)}, ${enough} are enough`,
        consequence:
          `each job takes ${stretch.toFixed(1)} times as long as alone instead of ${stretchAtEnough.toFixed(1)}, ` +
          `for ${formatPercent(gain)} more throughput`,
        fix: `dsw worker resize ${enough} ${id} (--concurrency ${enough}), and more replicas for more capacity`,
      },
    ];
  });
}

/** Share of its service time that a job spends on a CPU, over all tasks, by the time they hold slots. */
function cpuShare(tasks: readonly TaskFigures[]): number | undefined {
  let [onCpu, held] = [0, 0];
  for (const { cpuShare: share, now, baseline } of tasks) {
    const { count, meanSeconds = 0 } = now.count > 0 ? now : baseline;
    if (share === undefined) continue;
    onCpu += share * count * meanSeconds;
    held += count * meanSeconds;
  }
  return held > 0 ? onCpu / held : undefined;
}

/**
 * I/O wait over CPU time of a job. While cores are short, part of what looks like waiting for I/O is
 * waiting for a core: then no more is believed than the guides say of documents.
 */
function waitRatioOf({ cpuCores, cpuLimitCores }: WorkerSnapshot, share: number): number {
  const measured = 1 / Math.max(share, 0.01) - 1;
  const isShort = cpuCores >= SATURATED * cpuLimitCores;
  return isShort ? Math.min(measured, WAIT_RATIO_ADVICE.documents.high) : measured;
}
