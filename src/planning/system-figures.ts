import { busySlotsLately } from './busy-history.js';
import { durationFigures, type DurationFigures } from './duration-figures.js';
import {
  queueFlowFigures,
  totalFlowFigures,
  type FlowFigures,
  type QueueFlowFigures,
} from './flow-figures.js';
import { mergeFlows } from './flow.js';
import { addHistogram, emptyHistogram } from './histogram.js';
import type { QueueSnapshot, SystemSnapshot, WorkerSnapshot } from './snapshot.js';
import { taskFigures, type TaskFigures } from './task-figures.js';
import { utilizationBand, utilizationOf, type UtilizationBand } from './utilization.js';

/** What a snapshot amounts to: the figures that every view shows and every rule judges. */
export interface SystemFigures {
  capacity: Capacity;
  /** Over all queues. */
  waiting: number;
  running: number;
  /** Those of the running ones whose worker is lost: they run again once their leases are over. */
  stalled: number;
  delayed: number;
  dead: number;
  /** Age of the job that has waited longest in any queue. */
  oldestWaitSeconds: number | undefined;
  /** Over all queues, in the last quarter of an hour. */
  flow: FlowFigures;
  /** Service time of all jobs that ended in the last quarter of an hour. */
  service: DurationFigures;
  queues: QueueFigures[];
  tasks: TaskFigures[];
}

export interface QueueFigures extends QueueSnapshot {
  flow: QueueFlowFigures;
}

interface Capacity {
  /** Slots of the workers that take jobs; a draining worker counts as far as it is still busy. */
  slots: number;
  busy: number;
  /** Slots that are being made ready. */
  startingSlots: number;
  /** Of this moment, and on average over the last five minutes as far as they are known. */
  utilization: number;
  lately: number | undefined;
  /** Of the last minutes, as a moment says little; of this moment where it is worse and a queue builds up. */
  band: UtilizationBand;
  workers: Record<WorkerSnapshot['state'], number>;
}

/** A job that waits for longer than this was not merely met by a moment without a free slot. */
const LONG_WAIT_SECONDS = 10;

export function systemFigures(snapshot: SystemSnapshot): SystemFigures {
  const recent = mergeFlows(snapshot.minutes);
  const queues = snapshot.queues.map((queue) => ({
    ...queue,
    flow: queueFlowFigures(snapshot, recent, queue),
  }));
  const total = (count: (queue: QueueSnapshot) => number): number =>
    queues.reduce((sum, queue) => sum + count(queue), 0);
  const running = total((queue) => queue.running);
  const ages = queues.flatMap(({ oldestWaitSeconds }) => oldestWaitSeconds ?? []);
  const service = emptyHistogram();
  for (const task of recent.tasks.values()) addHistogram(service, task.service);
  return {
    capacity: capacityOf(snapshot),
    waiting: total(({ waiting }) => waiting),
    running,
    stalled: stalledJobs(snapshot.workers, running),
    delayed: total(({ delayed }) => delayed),
    dead: total(({ dead }) => dead),
    oldestWaitSeconds: ages.length === 0 ? undefined : Math.max(...ages),
    flow: totalFlowFigures(
      snapshot,
      recent,
      queues.map(({ flow }) => flow),
    ),
    service: durationFigures(service),
    queues,
    tasks: taskFigures(recent, mergeFlows(snapshot.hours), snapshot.workers),
  };
}

/** A lost worker's last words may be old: no more than run according to their queues. */
function stalledJobs(workers: readonly WorkerSnapshot[], inQueues: number): number {
  const running = (isLost: boolean): number =>
    workers
      .filter(({ state }) => (state === 'lost') === isLost)
      .reduce((sum, worker) => sum + worker.running.length, 0);
  return Math.max(0, Math.min(running(true), inQueues - running(false)));
}

/** More wait than all slots together take next, or one waits for long. */
function isBuildingUp(queues: readonly QueueSnapshot[], slots: number): boolean {
  const open = queues.filter(({ paused }) => !paused);
  const waiting = open.reduce((sum, queue) => sum + queue.waiting, 0);
  const oldest = Math.max(0, ...open.map(({ oldestWaitSeconds }) => oldestWaitSeconds ?? 0));
  return waiting > slots || oldest > LONG_WAIT_SECONDS;
}

function capacityOf(snapshot: SystemSnapshot): Capacity {
  const { workers, queues } = snapshot;
  const counts = { starting: 0, running: 0, draining: 0, lost: 0 };
  let [slots, busy, startingSlots] = [0, 0, 0];
  for (const worker of workers) {
    counts[worker.state] += 1;
    if (worker.state === 'starting') startingSlots += worker.slots;
    if (worker.state === 'starting' || worker.state === 'lost') continue;
    slots += worker.state === 'draining' ? worker.busy : worker.slots;
    busy += worker.busy;
  }
  const utilization = utilizationOf(busy, slots);
  const busyLately = busySlotsLately(snapshot);
  const lately =
    busyLately === undefined ? undefined : Math.min(1, utilizationOf(busyLately, slots));
  const isNow = lately === undefined || (utilization > lately && isBuildingUp(queues, slots));
  const judged = isNow ? utilization : lately;
  return {
    slots,
    busy,
    startingSlots,
    utilization,
    lately,
    band: utilizationBand(judged),
    workers: counts,
  };
}
