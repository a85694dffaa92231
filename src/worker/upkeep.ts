import { messageOf } from '../errors.js';
import type { Logger } from '../log.js';
import { Periodic } from '../periodic.js';
import { WATCHDOG_SECONDS } from './watchdog.js';

/** What a worker does beside running jobs, again and again. */
export interface Duties {
  renewLeases(): Promise<void>;
  /** Looks for jobs of dead workers. @param everySeconds how often it is called. */
  recoverJobs(everySeconds: number): Promise<void>;
  beat(): Promise<void>;
  readPoisonList(): Promise<void>;
  sendWebhooks(): Promise<void>;
  watchSlots(): void;
  watchSlotMemory(): Promise<void>;
  watchMemory(): void;
}

/** With the lease, this bounds how long the jobs of a dead worker wait; no longer than the lease. */
const RECOVER_SECONDS = 2.5;
/** A lease is renewed so often before it would run out. */
const RENEWALS_PER_LEASE = 3;
const POISON_SECONDS = 10;
const SLOT_MEMORY_SECONDS = 0.5;
const MEMORY_SECONDS = 1;
const WEBHOOK_SECONDS = 1;

/** Starts all duties. @returns what is to be stopped. */
export function startUpkeep(
  duties: Duties,
  { leaseSeconds, heartbeatSeconds }: { leaseSeconds: number; heartbeatSeconds: number },
  log: Logger,
): Periodic[] {
  const every = (seconds: number, what: string, call: () => void | Promise<void>): Periodic => {
    const loop = new Periodic(
      seconds,
      async () => call(),
      (error) => {
        const reason = messageOf(error);
        if (!loop.stopping) log.warn(`${what} failed: ${reason}`);
      },
    );
    void loop.start();
    return loop;
  };
  const recoverSeconds = Math.min(RECOVER_SECONDS, leaseSeconds);
  return [
    every(leaseSeconds / RENEWALS_PER_LEASE, 'renewing leases', () => duties.renewLeases()),
    every(recoverSeconds, 'looking for stalled jobs', () => duties.recoverJobs(recoverSeconds)),
    every(heartbeatSeconds, 'the heartbeat', () => duties.beat()),
    every(POISON_SECONDS, 'reading the poison list', () => duties.readPoisonList()),
    every(WEBHOOK_SECONDS, 'sending webhooks', () => duties.sendWebhooks()),
    every(WATCHDOG_SECONDS, 'the watchdog', () => duties.watchSlots()),
    every(SLOT_MEMORY_SECONDS, 'measuring slots', () => duties.watchSlotMemory()),
    every(MEMORY_SECONDS, 'the memory guard', () => duties.watchMemory()),
  ];
}
