import { HEALTHY, type Health } from '../planning/health.js';
import type { IdleSlots } from '../planning/snapshot.js';
import type { WorkerSign } from '../queues/heartbeats.js';

/** An idle worker asks its queues every few seconds. */
const STUCK_SECONDS = 15;

/** What tells whether a worker gets on. */
export interface Progress {
  worker: string;
  state: WorkerSign['state'];
  /** Slots that could run a job, and those that are being made ready. */
  freeSlots: number;
  newSlots: number;
  /** Why it holds back from taking jobs. */
  held: IdleSlots | undefined;
  /** Whether Redis answers. */
  reachable: boolean;
  /** How long slots have been free without an answer from the queues. */
  silentSeconds: number;
  /** Why the dispatcher asks for nothing. */
  dispatcher: IdleSlots | undefined;
}

/** Why free slots take nothing; undefined without any, or while the worker asks for jobs. */
export function idleSlots(progress: Progress): IdleSlots | undefined {
  const { state, freeSlots, newSlots, held, silentSeconds, dispatcher } = progress;
  if (state !== 'running') return undefined;
  if (freeSlots === 0) {
    if (newSlots === 0) return undefined;
    return { cause: 'new slot', reason: `${newSlots} of its slots being made ready` };
  }
  if (held) return held;
  // While one runs alone, nothing is asked for.
  if (dispatcher?.cause === 'suspect') return dispatcher;
  if (silentSeconds < STUCK_SECONDS) return dispatcher;
  const reason = `has not reached its queues for ${Math.round(silentSeconds)} s`;
  return { cause: 'unreached', reason };
}

/**
 * Whether a worker makes progress: being there is not enough, one that could take jobs has to ask for
 * them. While Redis does not answer, or refuses, a restart would cure nothing.
 */
export function healthOf(progress: Progress): Health {
  const { worker, state, reachable, silentSeconds } = progress;
  const notReady = (reason: string, alive = true): Health => ({
    alive,
    ready: false,
    reason: `${worker} ${reason}`,
  });
  if (state !== 'running') return notReady(`is ${state}`);
  if (!reachable) return notReady('gets no answer from Redis');
  const idle = idleSlots(progress);
  if (idle?.cause === 'unreached') return notReady(`has free slots and ${idle.reason}`, false);
  if (idle && idle === progress.held && silentSeconds >= STUCK_SECONDS)
    return notReady(`takes no jobs: ${idle.reason}`);
  return HEALTHY;
}
