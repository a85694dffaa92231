import type { ProgramHost } from '../tasks/program-host.js';
import type { SlotPoolOptions } from './slot-pool.js';
import type { WorkerOptions } from './worker-options.js';

/** What the options of a worker say of its slots. */
export function slotSettingsOf(
  options: WorkerOptions,
  programs: ProgramHost,
): Pick<SlotPoolOptions, 'slot' | 'count' | 'maxTasksPerSlot' | 'slotMemoryMb'> {
  const { store, redisUrl, prefix, taskModules, taskSettings, warmTasks } = options;
  const { slots, maxTasksPerSlot, slotMemoryMb } = options;
  const setup = { store, redisUrl, prefix, taskModules, settings: taskSettings };
  return {
    slot: { setup, programs, warmTasks, heapLimitMb: slotMemoryMb },
    count: slots,
    maxTasksPerSlot,
    slotMemoryMb,
  };
}
