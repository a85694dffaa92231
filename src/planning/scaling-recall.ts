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
  return {
    replicas: running + starting + unreplaced,
    changedAt: present.length > 0 ? Math.max(...present.map((w) => w.startedAt)) : undefined,
    isRemoval: false,
    aboveSince: isAbove ? sinceWhen(snapshot, policy, wasAbove) : undefined,
    belowSince: isBelow ? sinceWhen(snapshot, policy, wasBelow) : undefined,
    differsSince: undefined,
  };
}

/** The end of the oldest of the minutes, up to this one, in all of which something held. */
function sinceWhen(
  snapshot: SystemSnapshot,
  policy: ScalingPolicy,
  held: (minute: FlowBucket, snapshot: SystemSnapshot, policy: ScalingPolicy) => boolean,
): number {
  const over = snapshot.minutes.slice(0, -1);
  const broken = over.findLastIndex((minute) => !held(minute, snapshot, policy));
  const oldest = over[broken + 1];
  return oldest ? oldest.startsAt + MINUTE_MS : snapshot.at;
}

function wasAbove(minute: FlowBucket, snapshot: SystemSnapshot, policy: ScalingPolicy): boolean {
  const waiting = waitingIn(minute, snapshot, policy);
  return waiting !== undefined && waiting > policy.addAboveWaiting;
}

/** By the service times of the jobs that ended in the minute: nothing tells better when they ran. */
function wasBelow(minute: FlowBucket, snapshot: SystemSnapshot, policy: ScalingPolicy): boolean {
  const waiting = waitingIn(minute, snapshot, policy);
  if (waiting === undefined || waiting >= policy.removeBelowWaiting) return false;
  const running = snapshot.workers.filter(({ state }) => state === 'running');
  const slots = running.reduce((sum, worker) => sum + worker.slots, 0);
  let busySeconds = 0;
  for (const { service } of minute.tasks.values()) busySeconds += service.sumSeconds;
  for (const { startedAt } of running.flatMap((worker) => worker.running)) {
    const inMinute = minute.startsAt + MINUTE_MS - Math.max(minute.startsAt, startedAt);
    busySeconds += Math.max(0, inMinute) / 1000;
  }
  return busySeconds / (slots * 60) < policy.removeBelowUtilization;
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
