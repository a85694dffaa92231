import type { DocumentStore } from '../documents/document-store.js';
import type { JobInspector } from '../queues/job-inspector.js';

/** Ids of the documents that jobs name: those yet to run or running, or all on record. */
export async function documentsOfJobs(
  jobs: JobInspector,
  which: 'unfinished' | 'all',
): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const input of jobs.inputs(which)) {
    if (typeof input === 'object' && input !== null && 'documentId' in input)
      ids.add(String(input.documentId));
  }
  return ids;
}

/** For each stored document the time (ms) at which its newest object was written. */
export async function newestObjects(documents: DocumentStore): Promise<Map<string, number>> {
  const newest = new Map<string, number>();
  for await (const { id, modifiedAt } of documents.documents())
    newest.set(id, modifiedAt.getTime());
  return newest;
}
