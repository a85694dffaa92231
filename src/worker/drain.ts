import { within } from '../lifecycle.js';
import type { Logger } from '../log.js';
import type { Dispatcher } from './dispatcher.js';
import { MAKE_WAY_MS, type JobRunner } from './job-runner.js';
import type { SlotPool } from './slot-pool.js';

/** Beyond the drain time a worker waits so long for Redis to take back what it holds. */
const GIVE_UP_SECONDS = 5;

export interface DrainOptions {
  worker: string;
  drainSeconds: number;
  slots: SlotPool;
  runner: JobRunner;
  dispatcher: Dispatcher;
  /** Resolves when the dispatcher has recorded its last job. */
  dispatched: Promise<void>;
  log: Logger;
}

/**
 * Lets a worker end well: no new job, running ones finish in time, the others go back to the front
 * of their queues with their tries uncounted.
 * @returns false when Redis was not there to take them.
 */
export async function drain(options: DrainOptions): Promise<boolean> {
  const { worker, drainSeconds, slots, dispatcher, dispatched, log } = options;
  const { length } = slots.occupations;
  log.info(
    `${worker} draining: ${length} running jobs have ${drainSeconds} s, no new one is taken`,
  );
  const deadline = setTimeout(() => makeWay(options), drainSeconds * 1000);
  const drained = dispatcher.drain().then(() => dispatched);
  const done = await within(
    drained.then(() => true),
    (drainSeconds + GIVE_UP_SECONDS) * 1000,
  );
  clearTimeout(deadline);
  if (!done) dispatcher.abandon();
  return done === true;
}

/** Time is up: what runs still is asked to end, and shortly after, its threads are ended. */
function makeWay({ worker, slots, runner, log }: DrainOptions): void {
  log.warn(`${worker}: ${slots.occupations.length} jobs did not finish in time; they go back`);
  runner.interruptAll('its worker is stopping');
  setTimeout(() => {
    for (const { slot } of slots.occupations) void slot.stop('its worker is stopping');
  }, MAKE_WAY_MS);
}
