import { readEnvironment } from '../config/environment.js';
import type { Settings } from '../config/settings.js';
import { taskSettings } from '../config/task-settings.js';
import { storeOptions } from '../documents/open-store.js';
import type { MemoryProfile } from '../planning/capacity/profile.js';
import { recommendedSlots } from '../planning/capacity/slots.js';
import { findTaskModules } from '../tasks/task-modules.js';
import { readMachine, type Machine } from '../worker/machine.js';
import type { WorkerOptions } from '../worker/worker-options.js';

/** What a slot holds with the OCR engine loaded, as measured on A4 pages; nothing is shared. */
const SLOT_MEMORY: MemoryProfile = {
  model: 'perProcess',
  perProcessMb: 150,
  alertFraction: 0.8,
  baseMb: 0,
  frameworkMb: 0,
  modelsMb: 0,
  perTaskMb: 0,
};
/** OCR and translation compute all the time. */
const WAIT_RATIO = 0;

/** What a worker is started with, given the settings in force. */
export function workerOptions(
  settings: Settings,
  redisUrl: string,
  version: string,
  name = 'worker',
): WorkerOptions {
  const { worker, jobs, prefix } = settings;
  const machine = readMachine();
  return {
    name,
    redisUrl,
    prefix,
    store: storeOptions(settings, redisUrl),
    taskModules: findTaskModules(settings.tasks),
    taskSettings: taskSettings(settings),
    warmTasks: worker.warmTasks,
    slots: worker.concurrency === 'auto' ? slotsFor(machine) : worker.concurrency,
    queues: worker.queues,
    queueOrder: worker.queueOrder,
    leaseSeconds: worker.leaseSeconds,
    heartbeatSeconds: worker.heartbeatSeconds,
    drainSeconds: worker.drainSeconds,
    maxTasksPerSlot: worker.maxTasksPerSlot,
    slotMemoryMb: worker.slotMemoryMb,
    allowOvercommit: worker.allowOvercommit,
    maxDeaths: worker.maxDeaths,
    limits: { softLimitSeconds: jobs.softLimitSeconds, hardLimitSeconds: jobs.hardLimitSeconds },
    retry: {
      attempts: jobs.attempts,
      backoffSeconds: jobs.backoffSeconds,
      maxBackoffSeconds: jobs.maxBackoffSeconds,
    },
    webhooks: { ...settings.webhooks, secret: readEnvironment().webhookSecret },
    version,
    machine,
  };
}

/** The planner's number of slots for the container that this process runs in. */
function slotsFor({ cores, memoryMb }: Machine): number {
  const container = { cores, memoryLimitMb: memoryMb };
  return recommendedSlots({ container, memory: SLOT_MEMORY }, WAIT_RATIO);
}
