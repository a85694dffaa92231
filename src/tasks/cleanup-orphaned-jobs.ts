import * as z from 'zod';
import { defineTask } from './contract.js';
import { documentsOfJobs, newestObjects } from './documents-in-use.js';
import type { CleanupResult } from './cleanup-old-files.js';

/** A document is stored before its job is enqueued; this long it may lie there without one. */
const GRACE_MS = 3_600_000;

/** Removes stored documents that no job refers to: what a submit that died half-way left behind. */
export const cleanupOrphanedJobsTask = defineTask({
  name: 'cleanup_orphaned_jobs',
  input: z.strictObject({}),
  async run(_input, context): Promise<CleanupResult> {
    const newest = await newestObjects(context.documents);
    const referredTo = await documentsOfJobs(await context.jobs(), 'all');
    const result = { documentsRemoved: 0, bytesRemoved: 0, jobsRemoved: 0 };
    for (const [id, modifiedAt] of newest) {
      if (referredTo.has(id) || modifiedAt > Date.now() - GRACE_MS) continue;
      result.bytesRemoved += await context.documents.remove(`${id}/`);
      result.documentsRemoved += 1;
    }
    return result;
  },
});
