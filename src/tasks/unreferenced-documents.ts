import { documentKeys, type DocumentStore } from '../documents/document-store.js';
import type { JobInspector } from '../queues/job-inspector.js';

/** Old documents are judged in groups of this size: memory stays bounded, whatever the store holds. */
const GROUP = 5000;

export interface Removed {
  documentsRemoved: number;
  bytesRemoved: number;
}

/**
 * Removes documents that nobody has written to since `before` and that no job on record names.
 *
 * Safe beside submits: a document is stored before its job is enqueued, so that one whose job may
 * still come is newer than `before`; and which jobs there are is read after the documents.
 * @param before milliseconds since the epoch.
 */
export async function removeUnreferenced(
  documents: DocumentStore,
  jobs: Pick<JobInspector, 'references'>,
  before: number,
): Promise<Removed> {
  const removed: Removed = { documentsRemoved: 0, bytesRemoved: 0 };
  let group = new Set<string>();
  for await (const { id, modifiedAt } of documents.documents()) {
    if (modifiedAt.getTime() < before) group.add(id);
    if (group.size < GROUP) continue;
    await removeGroup(documents, jobs, group, removed);
    group = new Set();
  }
  if (group.size > 0) await removeGroup(documents, jobs, group, removed);
  return removed;
}

async function removeGroup(
  documents: DocumentStore,
  jobs: Pick<JobInspector, 'references'>,
  candidates: Set<string>,
  removed: Removed,
): Promise<void> {
  for await (const { documentId } of jobs.references('all')) candidates.delete(documentId);
  for (const id of candidates) {
    removed.bytesRemoved += await documents.remove(documentKeys.all(id));
    removed.documentsRemoved += 1;
  }
}
