import type { Settings } from '../config/settings.js';
import type { ScheduleEntry } from './due.js';

/** The periodic tasks that dsw brings along. */
export function builtInSchedule({ cleanup }: Settings): ScheduleEntry[] {
  return [
    {
      name: 'cleanup_old_files',
      task: 'cleanup_old_files',
      queue: 'maintenance',
      input: { maxAgeHours: cleanup.maxAgeHours },
      everySeconds: cleanup.filesEverySeconds,
    },
    {
      name: 'cleanup_orphaned_jobs',
      task: 'cleanup_orphaned_jobs',
      queue: 'maintenance',
      input: {},
      everySeconds: cleanup.orphansEverySeconds,
    },
  ];
}
