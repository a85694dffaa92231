import { documentKeys, type DocumentStore } from '../documents/document-store.js';
import type { JobInspector } from '../queues/job-inspector.js';

type Jobs = Pick<JobInspector, 'references' | 'announceRemoval' | 'keep'>;

/** Old documents are judged in groups of this size: memory stays bounded, whatever the store holds. */
const GROUP = 5000;

export interface Removed {
  documentsRemoved: number;
  bytesRemoved: number;
}

/**
 * Removes documents that nobody has written to since `before` and that no job on record names.
 *
 * Safe beside submits: what is to be removed is announced before it is read which jobs there are. A
 * job enqueued before is among them, and its document stays; one that comes later is refused.
 * @param before milliseconds since the epoch.
 */
export async function removeUnreferenced(
  documents: DocumentStore,
  jobs: Jobs,
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
  jobs: Jobs,
  candidates: Set<string>,
  removed: Removed,
): Promise<void> {
  await jobs.announceRemoval([...candidates]);
  const inUse: string[] = [];
  for await (const { documentId } of jobs.references('all'))
    if (candidates.delete(documentId)) inUse.push(documentId);
  await jobs.keep(inUse);
  for (const id of candidates) {
    removed.bytesRemoved += await documents.remove(documentKeys.all(id));
    removed.documentsRemoved += 1;
  }
}
