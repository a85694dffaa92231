import { MemoryGuard } from './memory-guard.js';
import type { Restraint } from './restraint.js';
import { SlotMemoryWatch } from './slot-memory-watch.js';
import type { SlotPool } from './slot-pool.js';
import type { ThreadProbe } from './thread-probe.js';
import type { Duties } from './upkeep.js';
import type { WorkerOptions } from './worker-options.js';
import type { Parts } from './worker-parts.js';

interface DutiesOptions {
  slots: SlotPool;
  probe: ThreadProbe;
  restraint: Restraint;
  options: WorkerOptions;
  /** Gives a sign of life. */
  beat(): Promise<void>;
}

/** What a worker of these parts has to do beside running jobs. */
export function dutiesOf(
  { link, watchdog, webhooks }: Parts,
  { slots, probe, restraint, options, beat }: DutiesOptions,
): Duties {
  const guard = new MemoryGuard(options.machine);
  const slotMemory = new SlotMemoryWatch(slots, probe, options.slotMemoryMb ?? Infinity);
  return {
    renewLeases: () => link.renew(),
    recoverJobs: (everySeconds) => link.recover(everySeconds),
    beat,
    readPoisonList: () => link.poison.refresh(Date.now()),
    sendWebhooks: () => webhooks.send(),
    watchSlots: () => watchdog.look(Date.now()),
    watchSlotMemory: () => slotMemory.look(),
    watchMemory: () => {
      const reason = guard.look();
      restraint.memory(reason);
      if (reason !== undefined) slots.replaceLargest(reason);
    },
  };
}
