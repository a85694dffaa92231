import type { ReplicaDecision, ScalingMemory } from './decide-replicas.js';
import { formatPercent, formatSeconds } from './readable.js';
import type { ScalingLoad } from './scaling-load.js';
import type { ScalingPolicy } from './scaling-policy.js';

interface Decided extends Pick<ReplicaDecision, 'replicas' | 'limitedBy'> {
  load: ScalingLoad;
  policy: ScalingPolicy;
  memory: ScalingMemory;
  now: number;
}

/** A decision in one line: what to do, and why. */
export function explainReplicas(decided: Decided): string {
  const { pausedWaiting, unservedWaiting } = decided.load;
  const apart = [
    pausedWaiting > 0 ? `; ${pausedWaiting} wait in paused queues` : '',
    unservedWaiting > 0 ? `; ${unservedWaiting} wait where no worker takes jobs` : '',
  ];
  return `${whatToDo(decided)}: ${why(decided)}${apart.join('')}`;
}

function whatToDo({ replicas, load }: Decided): string {
  const present = load.running + load.starting;
  if (replicas === present || (load.isRollingOut && replicas < present)) return `keep ${replicas}`;
  const step = Math.abs(replicas - present);
  return `${replicas > present ? 'add' : 'remove'} ${step} (${present} → ${replicas})`;
}

function why(decided: Decided): string {
  const { replicas, load, policy, memory, now } = decided;
  const present = load.running + load.starting;
  if (present === 0) return load.lost > 0 ? `no sign of life of ${load.lost}` : 'no worker runs';
  if (present > policy.maxReplicas) return `${policy.maxReplicas} is the most allowed`;
  if (present < policy.minReplicas) return `${policy.minReplicas} is the fewest allowed`;
  if (replicas > present && load.lost > 0) return `${load.lost} lost, start as many again`;
  if (memory.aboveSince !== undefined) return whyAbove(decided, now - memory.aboveSince);
  if (memory.belowSince !== undefined) return whyBelow(decided, now - memory.belowSince);
  if (replicas !== present && memory.changedAt !== undefined)
    return `asked for ${formatSeconds((now - memory.changedAt) / 1000)} ago`;
  return `${facts(load)}; add one above ${policy.addAboveWaiting} waiting`;
}

function whyAbove({ replicas, limitedBy, load, policy, memory, now }: Decided, ms: number): string {
  const lasting = formatSeconds(ms / 1000);
  const above = `${load.waiting} waiting, above ${policy.addAboveWaiting} for ${lasting}`;
  switch (limitedBy) {
    case 'maxReplicas':
      return `${load.waiting} waiting, but ${policy.maxReplicas} is the most allowed`;
    case 'duration':
      return `${above} of ${formatSeconds(policy.addAfterSeconds)}`;
    case 'booting':
      return load.running === 0
        ? `${load.waiting} waiting, ${replicas} on the way`
        : `${load.waiting} waiting, ${replicas - load.running} on the way will do`;
    case 'cooldown':
      if (replicas > load.running + load.starting) return above;
      return `${above}; last change ${ago(memory, now)}, next after ${formatSeconds(policy.addCooldownSeconds)}`;
    default:
      return above;
  }
}

function whyBelow(decided: Decided, ms: number): string {
  const { replicas, limitedBy, load, policy, memory, now } = decided;
  const busy = formatPercent(load.utilization ?? 0);
  const below = `${busy} busy, below ${formatPercent(policy.removeBelowUtilization)} for ${formatSeconds(ms / 1000)}`;
  if (replicas < load.running + load.starting) return below;
  switch (limitedBy) {
    case 'minReplicas':
      return `${busy} busy, ${policy.minReplicas} is the fewest allowed`;
    case 'duration':
      return `${below} of ${formatSeconds(policy.removeAfterSeconds)}`;
    case 'cooldown':
      return `${below}; last change ${ago(memory, now)}, next after ${formatSeconds(policy.removeCooldownSeconds)}`;
    case 'lost':
      return `${busy} busy, but ${load.lost} lost: no picture of the whole`;
    case 'booting':
      return `${busy} busy, others are on the way`;
    default:
      return below;
  }
}

function facts({ waiting, utilization }: ScalingLoad): string {
  return `${waiting} waiting, ${formatPercent(utilization ?? 0)} busy`;
}

function ago({ changedAt }: ScalingMemory, now: number): string {
  return `${formatSeconds((now - (changedAt ?? now)) / 1000)} ago`;
}
