import * as z from 'zod';
import { documentKeys, type DocumentStore } from '../documents/document-store.js';
import type { JobInspector } from '../queues/job-inspector.js';
import { defineSystemTask } from './system-task.js';
import { removeUnreferenced, type Removed } from './unreferenced-documents.js';

/** A document is stored before its job is enqueued; this long it may lie there without one. */
const GRACE_MS = 3_600_000;

export interface OrphansResult extends Removed {
  jobsFailed: number;
}

/**
 * Removes stored documents that no job names, as a submit that died half-way leaves behind, and
 * fails waiting jobs whose document is gone.
 */
export const cleanupOrphanedJobsTask = defineSystemTask({
  name: 'cleanup_orphaned_jobs',
  input: z.strictObject({}),
  async run(_input, context): Promise<OrphansResult> {
    const jobs = await context.jobs();
    const jobsFailed = await failJobsWithoutDocument(context.documents, jobs);
    const before = Date.now() - GRACE_MS;
    return { jobsFailed, ...(await removeUnreferenced(context.documents, jobs, before)) };
  },
});

/** Only of jobs whose document was put in this very store: what another one holds, can't be seen here. */
async function failJobsWithoutDocument(
  documents: DocumentStore,
  jobs: JobInspector,
): Promise<number> {
  const identity = await documents.identity();
  let failed = 0;
  for await (const reference of jobs.references('unfinished')) {
    if (reference.store !== identity) continue;
    if (await documents.has(documentKeys.source(reference.documentId))) continue;
    const reason = `its document ${reference.documentId} is gone from the store`;
    if (await jobs.fail(reference, reason)) failed += 1;
  }
  return failed;
}
