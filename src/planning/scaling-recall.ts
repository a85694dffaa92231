import { busySlotsPerMinute } from './busy-history.js';
import type { ScalingMemory } from './decide-replicas.js';
import { scalingLoad } from './scaling-load.js';
import type { ScalingPolicy } from './scaling-policy.js';
import type { FlowBucket, SystemSnapshot } from './snapshot.js';

const MINUTE_MS = 60_000;

/**
 * What decisions would remember had they been made all along, as far as the history in the snapshot
 * tells: for who looks once, or has just begun to look. Where it tells nothing, nothing has lasted.
 */
export function recallScaling(snapshot: SystemSnapshot, policy: ScalingPolicy): ScalingMemory {
  const { running, starting, unreplaced, waiting, utilization } = scalingLoad(snapshot, policy);
  const present = snapshot.workers.filter(({ state }) => ['running', 'starting'].includes(state));
  const isAbove = waiting > policy.addAboveWaiting;
  const isBelow =
    waiting < policy.removeBelowWaiting && (utilization ?? 1) < policy.removeBelowUtilization;
  const slots = snapshot.workers
    .filter(({ state }) => state === 'running')
    .reduce((sum, worker) => sum + worker.slots, 0);
  const busy = busySlotsPerMinute(snapshot);
  const wasAbove = (minute: FlowBucket): boolean =>
    (waitingIn(minute, snapshot, policy) ?? 0) > policy.addAboveWaiting;
  const wasBelow = (minute: FlowBucket, i: number): boolean =>
    (waitingIn(minute, snapshot, policy) ?? Infinity) < policy.removeBelowWaiting &&
    (busy[i] ?? slots) / slots < policy.removeBelowUtilization;
  return {
    replicas: running + starting + unreplaced,
    changedAt: present.length > 0 ? Math.max(...present.map((w) => w.startedAt)) : undefined,
    isRemoval: false,
    aboveSince: isAbove ? sinceWhen(snapshot, wasAbove) : undefined,
    belowSince: isBelow ? sinceWhen(snapshot, wasBelow) : undefined,
    differsSince: undefined,
  };
}

/** The end of the oldest of the minutes, up to this one, in all of which something held. */
function sinceWhen(
  { at, minutes }: SystemSnapshot,
  held: (minute: FlowBucket, index: number) => boolean,
): number {
  const broken = minutes.slice(0, -1).findLastIndex((minute, i) => !held(minute, i));
  const oldest = minutes.slice(0, -1)[broken + 1];
  return oldest ? oldest.startsAt + MINUTE_MS : at;
}

/** Jobs of the rule's queues that waited when the minute ended; undefined when nobody counted. */
function waitingIn(
  { queues }: FlowBucket,
  snapshot: SystemSnapshot,
  policy: ScalingPolicy,
): number | undefined {
  const paused = snapshot.queues.filter((queue) => queue.paused).map(({ name }) => name);
  const counts = policy.queues
    .filter((name) => !paused.includes(name))
    .flatMap((name) => queues.get(name)?.waiting ?? []);
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
}
