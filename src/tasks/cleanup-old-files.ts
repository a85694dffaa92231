import * as z from 'zod';
import { defineSystemTask } from './system-task.js';
import { removeUnreferenced, type Removed } from './unreferenced-documents.js';

export interface OldFilesResult extends Removed {
  jobsRemoved: number;
}

/**
 * Removes documents, results and finished job records that are older than the configured age. The
 * records go first: a document whose job is on record stays, since that job can be run again.
 */
export const cleanupOldFilesTask = defineSystemTask({
  name: 'cleanup_old_files',
  input: z.strictObject({ maxAgeHours: z.number().positive() }),
  async run({ maxAgeHours }, context): Promise<OldFilesResult> {
    const before = Date.now() - maxAgeHours * 3_600_000;
    const jobs = await context.jobs();
    const jobsRemoved = await jobs.removeFinished(maxAgeHours * 3600);
    return { jobsRemoved, ...(await removeUnreferenced(context.documents, jobs, before)) };
  },
});
