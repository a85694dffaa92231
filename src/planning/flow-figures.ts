import { durationFigures, type DurationFigures } from './duration-figures.js';
import { addHistogram, emptyHistogram } from './histogram.js';
import type { FlowBucket, QueueFlow, QueueSnapshot, SystemSnapshot } from './snapshot.js';

/** What flowed through one queue, or all, in the last quarter of an hour. */
export interface FlowFigures {
  /** The stretch that is covered: less than a quarter of an hour while the system is young. */
  seconds: number;
  /** Undefined while no worker has counted yet. */
  inPerHour: number | undefined;
  /** Jobs completed. */
  outPerHour: number | undefined;
  completed: number;
  /** Tries that failed. */
  failed: number;
  /** Share of tries that succeeded; undefined without a try. */
  successRate: number | undefined;
  /** Waiting time of the jobs that started. */
  wait: DurationFigures;
}

export interface QueueFlowFigures extends FlowFigures {
  /** Jobs enqueued in each minute, oldest first; undefined where nobody counted. */
  enqueuedPerMinute: (number | undefined)[];
  /** Jobs waiting at the end of each minute; undefined where nobody counted. */
  waitingPerMinute: (number | undefined)[];
}

/** Of a system this young, rates would be guesses. */
const SHORTEST_SECONDS = 60;

/** @param recent all of the snapshot's minutes as one. */
export function queueFlowFigures(
  { at, minutes }: SystemSnapshot,
  recent: FlowBucket,
  queue: QueueSnapshot,
): QueueFlowFigures {
  const enqueuedPerMinute = enqueuedByMinute(minutes, queue);
  const waitingPerMinute = minutes.map(({ queues }) => queues.get(queue.name)?.waiting);
  waitingPerMinute.splice(-1, 1, queue.waiting);
  const flow = recent.queues.get(queue.name);
  const enqueued = sumOf(enqueuedPerMinute);
  const figures = figuresOf(flow ? [flow] : [], coveredSeconds(minutes, at), enqueued);
  return { ...figures, enqueuedPerMinute, waitingPerMinute };
}

/** The same over all queues. */
export function totalFlowFigures(
  { at, minutes }: SystemSnapshot,
  recent: FlowBucket,
  queues: readonly QueueFlowFigures[],
): FlowFigures {
  const enqueued = sumOf(queues.map(({ enqueuedPerMinute }) => sumOf(enqueuedPerMinute)));
  const flows = [...recent.queues.values()];
  return figuresOf(flows, coveredSeconds(minutes, at), enqueued);
}

function figuresOf(
  flows: readonly QueueFlow[],
  seconds: number,
  enqueued: number | undefined,
): FlowFigures {
  const completed = flows.reduce((sum, flow) => sum + flow.completed, 0);
  const failed = flows.reduce((sum, flow) => sum + flow.failed, 0);
  const wait = emptyHistogram();
  for (const flow of flows) addHistogram(wait, flow.wait);
  const perHour = (count: number): number => (count * 3600) / Math.max(seconds, SHORTEST_SECONDS);
  return {
    seconds,
    inPerHour: enqueued === undefined ? undefined : perHour(enqueued),
    outPerHour: seconds === 0 ? undefined : perHour(completed),
    completed,
    failed,
    successRate: completed + failed === 0 ? undefined : completed / (completed + failed),
    wait: durationFigures(wait),
  };
}

/** Sum of what is known, or undefined when nothing is. */
function sumOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0);
}

/** Seconds since the first minute in which somebody counted. */
function coveredSeconds(minutes: readonly FlowBucket[], at: number): number {
  const first = minutes.find(({ queues }) => queues.size > 0);
  return first ? Math.max(0, (at - first.startsAt) / 1000) : 0;
}

/**
 * Jobs enqueued by the minute, from a counter that is noted now and then. What came while nobody
 * noted it is spread evenly over the minutes without a note.
 */
function enqueuedByMinute(
  minutes: readonly FlowBucket[],
  { name, enqueuedTotal }: QueueSnapshot,
): (number | undefined)[] {
  const perMinute = minutes.map((): number | undefined => undefined);
  let noted: { index: number; total: number } | undefined;
  for (const [index, { queues }] of minutes.entries()) {
    const flow = queues.get(name);
    const isLast = index === minutes.length - 1;
    const total = isLast && (noted ?? flow) ? enqueuedTotal : flow?.enqueuedTotal;
    if (total === undefined) continue;
    const before = noted ?? { index: index - 1, total: flow?.enqueuedBefore ?? total };
    const share = Math.max(0, total - before.total) / (index - before.index);
    perMinute.fill(share, before.index + 1, index + 1);
    noted = { index, total };
  }
  return perMinute;
}
