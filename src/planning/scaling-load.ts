import { busySlotsLately } from './busy-history.js';
import type { ScalingPolicy } from './scaling-policy.js';
import type { SystemSnapshot } from './snapshot.js';

/** What a scaling rule looks at. */
export interface ScalingLoad {
  /** Jobs that call for replicas: those that wait in the rule's queues and could be taken. */
  waiting: number;
  /** Jobs that wait in these queues but that no replica would take: paused, or served by none. */
  pausedWaiting: number;
  unservedWaiting: number;
  /** Replicas that take jobs, that are being made ready, and that fell silent. */
  running: number;
  starting: number;
  lost: number;
  /** Those that fell silent and in whose place none has been started since. */
  unreplaced: number;
  /** Replicas of several versions run. */
  isRollingOut: boolean;
  slotsPerReplica: number;
  /** Of the replicas that take jobs, over the last five minutes as far as known; undefined without any. */
  utilization: number | undefined;
}

export function scalingLoad(snapshot: SystemSnapshot, policy: ScalingPolicy): ScalingLoad {
  const { workers } = snapshot;
  const running = workers.filter(({ state }) => state === 'running');
  const starting = workers.filter(({ state }) => state === 'starting');
  const served = new Set([...running, ...starting].flatMap(({ queues }) => queues));
  const counted = snapshot.queues.filter(({ name }) => policy.queues.includes(name));
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  const waitingOf = (kind: 'takeable' | 'paused' | 'unserved'): number =>
    sum(
      counted
        .filter(({ name, paused }) => {
          if (paused) return kind === 'paused';
          // While nobody runs, whoever comes may serve any queue.
          return kind === (served.size > 0 && !served.has(name) ? 'unserved' : 'takeable');
        })
        .map(({ waiting }) => waiting),
    );
  const slots = sum(running.map((worker) => worker.slots));
  const busy = busySlotsLately(snapshot) ?? sum(running.map((worker) => worker.busy));
  return {
    waiting: waitingOf('takeable'),
    pausedWaiting: waitingOf('paused'),
    unservedWaiting: waitingOf('unserved'),
    running: running.length,
    starting: starting.length,
    lost: workers.filter(({ state }) => state === 'lost').length,
    unreplaced: unreplacedWorkers(snapshot),
    isRollingOut: new Set([...running, ...starting].map(({ version }) => version)).size > 1,
    slotsPerReplica: running.length === 0 ? 0 : slots / running.length,
    utilization: slots === 0 ? undefined : Math.min(1, busy / slots),
  };
}

/** Lost workers in whose place none has been started since. */
export function unreplacedWorkers({ at, workers }: Pick<SystemSnapshot, 'at' | 'workers'>): number {
  const lost = workers.filter(({ state }) => state === 'lost');
  const firstLostAt = Math.min(...lost.map(({ silentSeconds }) => at - silentSeconds * 1000));
  const since = workers.filter(
    ({ state, startedAt }) => ['running', 'starting'].includes(state) && startedAt > firstLostAt,
  );
  return Math.max(0, lost.length - since.length);
}
