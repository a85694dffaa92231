import type { Schedule } from '../../src/planning/schedule.js';

/** An hourly schedule, for tests that change what they are about. */
export function scheduleOf(values: Partial<Schedule> = {}): Schedule {
  return {
    name: 'hourly',
    task: 'cleanup_old_files',
    queue: 'maintenance',
    rule: { everySeconds: 3600 },
    payload: {},
    jitterSeconds: 0,
    missed: 'once',
    missedLimit: 100,
    lateAfterSeconds: 60,
    attempts: 3,
    ...values,
  };
}
