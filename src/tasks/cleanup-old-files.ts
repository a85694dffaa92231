import * as z from 'zod';
import { defineTask } from './contract.js';
import { documentsOfJobs, newestObjects } from './documents-in-use.js';

export interface CleanupResult {
  documentsRemoved: number;
  bytesRemoved: number;
  jobsRemoved: number;
}

/** Removes documents, results and finished job records that are older than the configured age. */
export const cleanupOldFilesTask = defineTask({
  name: 'cleanup_old_files',
  input: z.strictObject({ maxAgeHours: z.number().positive() }),
  async run({ maxAgeHours }, context): Promise<CleanupResult> {
    const before = Date.now() - maxAgeHours * 3_600_000;
    const newest = await newestObjects(context.documents);
    const jobs = await context.jobs();
    const inUse = await documentsOfJobs(jobs, 'unfinished');
    const result = {
      documentsRemoved: 0,
      bytesRemoved: 0,
      jobsRemoved: await jobs.removeFinished(maxAgeHours * 3600),
    };
    for (const [id, modifiedAt] of newest) {
      if (modifiedAt >= before || inUse.has(id)) continue;
      result.bytesRemoved += await context.documents.remove(`${id}/`);
      result.documentsRemoved += 1;
    }
    return result;
  },
});
