import { durationFigures, type DurationFigures } from './duration-figures.js';
import { addHistogram, emptyHistogram } from './histogram.js';
import { formatRate, formatSeconds } from './readable.js';
import type { FlowBucket, QueueFlow, QueueSnapshot, SystemSnapshot } from './snapshot.js';

/** What flowed through one queue, or all, in the last quarter of an hour. */
export interface FlowFigures {
  /** The stretch that is covered: less than a quarter of an hour while the system is young. */
  seconds: number;
  /** Jobs that came in that stretch; undefined while nobody has counted yet. */
  enqueued: number | undefined;
  completed: number;
  /** Both an hour, over that same stretch. Undefined in the first minute: too short for a rate. */
  inPerHour: number | undefined;
  outPerHour: number | undefined;
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

const SHORTEST_SECONDS = 60;

/** What came and what was done, in few words: counts while it is too early for rates. */
export function describeThroughput(flow: FlowFigures): string {
  const { seconds, enqueued, completed, inPerHour, outPerHour } = flow;
  if (inPerHour !== undefined && outPerHour !== undefined)
    return `in ${formatRate(inPerHour)}/h  done ${formatRate(outPerHour)}/h`;
  if (enqueued === undefined) return 'in –  done –';
  return `in ${Math.round(enqueued)}  done ${completed}  in the first ${formatSeconds(seconds)}`;
}

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
  const perHour = (count: number | undefined): number | undefined =>
    count === undefined || seconds < SHORTEST_SECONDS ? undefined : (count * 3600) / seconds;
  return {
    seconds,
    enqueued,
    completed,
    inPerHour: perHour(enqueued),
    outPerHour: perHour(completed),
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

/** Seconds since somebody first counted. */
function coveredSeconds(minutes: readonly FlowBucket[], at: number): number {
  const first = minutes.find(({ queues }) => queues.size > 0);
  return first ? Math.max(0, (at - first.since) / 1000) : 0;
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
