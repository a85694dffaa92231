import { scalingLoad, type ScalingLoad } from './scaling-load.js';
import type { ScalingPolicy } from './scaling-policy.js';
import { explainReplicas } from './scaling-reason.js';
import type { SystemSnapshot } from './snapshot.js';

/** What keeps a decision from going where the load alone would take it. */
export type ScalingLimit =
  | 'minReplicas'
  | 'maxReplicas'
  /** The state has not lasted long enough yet. */
  | 'duration'
  /** The last change is too recent. */
  | 'cooldown'
  /** Replicas on their way will do. */
  | 'booting'
  /** Replicas fell silent: what the others show is not the whole state. */
  | 'lost';

export interface ReplicaDecision {
  /** How many replicas there should be. */
  replicas: number;
  /** Why, in one line. */
  reason: string;
  limitedBy: ScalingLimit | undefined;
  /** To be handed in with the next snapshot. */
  memory: ScalingMemory;
}

/** What a decision needs to know of those before it. Times in milliseconds since the epoch. */
export interface ScalingMemory {
  /** How many replicas there should be since the last decision. */
  replicas: number;
  /** When that number last changed by a decision that was carried out, or still may be. */
  changedAt: number | undefined;
  /** Whether more ran then than should: those are on their way out. */
  isRemoval: boolean;
  /** Since when so many jobs wait that a replica should be added. */
  aboveSince: number | undefined;
  /** Since when so little is going on that a replica could be removed. */
  belowSince: number | undefined;
  /** Since when another number of replicas runs than should. */
  differsSince: number | undefined;
}

/**
 * How many replicas there should be: one more while too many jobs wait, one fewer while too little
 * is going on, each only after a while and not soon after the last change. Nothing is ever removed
 * for lack of data.
 * @param memory of the last decision about the same system; undefined at first.
 */
export function decideReplicas(
  snapshot: SystemSnapshot,
  policy: ScalingPolicy,
  memory: ScalingMemory | undefined,
): ReplicaDecision {
  const load = scalingLoad(snapshot, policy);
  const now = snapshot.at;
  const before = remember(memory, load, policy, now);
  const choice = choose(load, policy, before, now);
  const changed = choice.replicas !== before.replicas;
  return {
    ...choice,
    reason: explainReplicas({ ...choice, load, policy, memory: before, now }),
    memory: {
      ...before,
      replicas: choice.replicas,
      changedAt: changed ? now : before.changedAt,
      isRemoval: changed ? choice.replicas < load.running + load.starting : before.isRemoval,
      differsSince: changed ? undefined : before.differsSince,
    },
  };
}

/** Brings the memory up to this snapshot: what there should be so far, and since when what holds. */
function remember(
  memory: ScalingMemory | undefined,
  load: ScalingLoad,
  policy: ScalingPolicy,
  now: number,
): ScalingMemory {
  const present = load.running + load.starting;
  // A clock that was set back must not block decisions until it has caught up.
  const since = (holds: boolean, before: number | undefined): number | undefined =>
    holds ? Math.min(before ?? now, now) : undefined;
  const isBelow =
    load.waiting < policy.removeBelowWaiting &&
    (load.utilization ?? 1) < policy.removeBelowUtilization;
  const timers = {
    aboveSince: since(load.waiting > policy.addAboveWaiting, memory?.aboveSince),
    belowSince: since(isBelow, memory?.belowSince),
  };
  if (!memory)
    return {
      ...timers,
      replicas: present,
      changedAt: undefined,
      isRemoval: false,
      differsSince: undefined,
    };
  const { changedAt, isRemoval } = memory;
  const replicas = withoutReplaced(memory, load, policy, now);
  const differsSince = since(present !== replicas, memory.differsSince);
  if (
    differsSince !== undefined &&
    isSettled(load, { ...memory, replicas }, differsSince, policy, now)
  )
    return {
      ...timers,
      replicas: present,
      changedAt: undefined,
      isRemoval: false,
      differsSince: undefined,
    };
  return {
    ...timers,
    replicas,
    changedAt: since(changedAt !== undefined, changedAt),
    isRemoval,
    differsSince,
  };
}

/**
 * A worker that died counts as running until its silence shows, also beside the one that was started
 * in its place: what that added is taken back, unless another replica was asked for just now.
 */
function withoutReplaced(
  memory: ScalingMemory,
  load: ScalingLoad,
  policy: ScalingPolicy,
  now: number,
): number {
  const { replicas, isRemoval } = memory;
  const present = load.running + load.starting;
  const isAsked = !isRemoval && isUnderWay(memory, policy, now);
  if (load.lost === 0 || replicas <= present || isAsked) return replicas;
  return Math.min(replicas, present + load.unreplaced);
}

/**
 * Whether to go on from the number that runs: somebody else decided, or nobody carried the last
 * decision out. More than there should be is told from a decision under way, and from a roll-out,
 * which has both versions run for a while. Fewer, with some lost or none left, may be a crash.
 */
function isSettled(
  load: ScalingLoad,
  memory: ScalingMemory,
  differsSince: number,
  policy: ScalingPolicy,
  now: number,
): boolean {
  const { replicas, isRemoval } = memory;
  const present = load.running + load.starting;
  const isPending = isRemoval && isUnderWay(memory, policy, now);
  if (present > replicas && !isPending && !load.isRollingOut) return true;
  return now - differsSince >= policy.bootSeconds * 1000 && load.lost === 0 && present > 0;
}

/** Whether the last decision is so recent that it may not have been carried out yet. */
function isUnderWay(
  { changedAt }: ScalingMemory,
  { bootSeconds }: ScalingPolicy,
  now: number,
): boolean {
  return changedAt !== undefined && Math.abs(now - changedAt) < bootSeconds * 1000;
}

type Choice = Pick<ReplicaDecision, 'replicas' | 'limitedBy'>;

function choose(
  load: ScalingLoad,
  policy: ScalingPolicy,
  memory: ScalingMemory,
  now: number,
): Choice {
  const { replicas } = memory;
  if (replicas < policy.minReplicas)
    return { replicas: policy.minReplicas, limitedBy: 'minReplicas' };
  if (replicas > policy.maxReplicas)
    return { replicas: policy.maxReplicas, limitedBy: 'maxReplicas' };
  const lasted = (since: number | undefined, seconds: number): boolean =>
    since === undefined || now - since >= seconds * 1000;
  const keep = (limitedBy?: ScalingLimit): Choice => ({ replicas, limitedBy });
  if (memory.aboveSince !== undefined) {
    if (replicas === policy.maxReplicas) return keep('maxReplicas');
    if (!lasted(memory.aboveSince, policy.addAfterSeconds)) return keep('duration');
    if (!lasted(memory.changedAt, policy.addCooldownSeconds)) return keep('cooldown');
    // What one does is not known before the first runs: until then no more are sent after it.
    if (load.running === 0 && replicas > 0) return keep('booting');
    const onTheirWay = Math.max(0, replicas - load.running) * load.slotsPerReplica;
    if (load.waiting - onTheirWay <= policy.addAboveWaiting) return keep('booting');
    return { replicas: replicas + 1, limitedBy: undefined };
  }
  if (memory.belowSince === undefined) return keep();
  if (load.lost > 0) return keep('lost');
  if (replicas === policy.minReplicas) return keep('minReplicas');
  if (!lasted(memory.belowSince, policy.removeAfterSeconds)) return keep('duration');
  if (!lasted(memory.changedAt, policy.removeCooldownSeconds)) return keep('cooldown');
  if (replicas > load.running) return keep('booting');
  return { replicas: replicas - 1, limitedBy: undefined };
}
