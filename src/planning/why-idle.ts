import type { IdleSlots, SystemSnapshot, WorkerSnapshot } from './snapshot.js';

/** Why free slots of a worker take nothing, seen together with its queues. */
export interface Idleness {
  reason: string;
  /** `usual`: there is nothing to do. `held`: it is kept from it. `stuck`: it should, and does not. */
  kind: 'usual' | 'held' | 'stuck';
  /** Jobs that wait in its queues, paused ones left out. */
  waiting: number;
}

/** A job that waits for so long beside a worker that says there is none was not seen by it. */
const UNSEEN_SECONDS = 15;

/** @returns undefined without free slots, or while the worker asks for jobs; for a lost one, too. */
export function whyIdle(
  worker: WorkerSnapshot,
  { queues }: Pick<SystemSnapshot, 'queues'>,
): Idleness | undefined {
  if (worker.state === 'starting') return { reason: 'warming up', kind: 'usual', waiting: 0 };
  if (worker.state === 'draining') return { reason: 'draining', kind: 'usual', waiting: 0 };
  const { idle } = worker;
  if (worker.state === 'lost' || !idle) return undefined;
  const served = queues.filter(({ name, waiting }) => worker.queues.includes(name) && waiting > 0);
  const open = served.filter(({ paused }) => !paused);
  const waiting = open.reduce((sum, queue) => sum + queue.waiting, 0);
  if (idle.cause !== 'no jobs') return { reason: idle.reason, kind: kindOf(idle), waiting };
  const oldest = Math.max(0, ...open.map(({ oldestWaitSeconds }) => oldestWaitSeconds ?? 0));
  if (oldest > UNSEEN_SECONDS + worker.silentSeconds)
    return { reason: `sees none of ${waiting} waiting jobs`, kind: 'stuck', waiting };
  const paused = served.filter((queue) => queue.paused).map(({ name }) => name);
  if (paused.length > 0) return { reason: `paused: ${paused.join(', ')}`, kind: 'held', waiting };
  return { reason: 'no jobs', kind: 'usual', waiting };
}

function kindOf({ cause }: IdleSlots): Idleness['kind'] {
  if (cause === 'unreached') return 'stuck';
  return cause === 'new slot' ? 'usual' : 'held';
}
