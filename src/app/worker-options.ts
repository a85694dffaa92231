import { readEnvironment } from '../config/environment.js';
import type { Settings } from '../config/settings.js';
import { taskSettings } from '../config/task-settings.js';
import { storeOptions } from '../documents/open-store.js';
import { autoConcurrency } from '../planning/auto-concurrency.js';
import { findTaskModules } from '../tasks/task-modules.js';
import { readMachine } from '../worker/machine.js';
import type { WorkerOptions } from '../worker/worker-options.js';

/** A slot with the OCR engine loaded, as measured on A4 pages. */
const SLOT_MEMORY_MB = 150;

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
    slots:
      worker.concurrency === 'auto' ? autoConcurrency(machine, SLOT_MEMORY_MB) : worker.concurrency,
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
