/** One stored object. */
export interface StoredObject {
  key: string;
  bytes: number;
  modifiedAt: Date;
}

/**
 * Where documents and results lie. Keys are generated paths such as `d01…/source`, never file
 * names; everything of one document lies below the document's id.
 */
export interface DocumentStore {
  /** Writes an object whole or not at all. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** @throws DswError `refused` when there is no such object. */
  get(key: string): Promise<Buffer>;
  /** Objects whose key starts with `prefix`. */
  list(prefix: string): AsyncIterable<StoredObject>;
  /** Removes all objects whose key starts with `prefix`. @returns bytes freed. */
  remove(prefix: string): Promise<number>;
  /** Where an object can be found by a person: a path or a URL. */
  locate(key: string): string;
}

/** Keys of one document's objects. */
export const documentKeys = {
  source: (documentId: string): string => `${documentId}/source`,
  result: (documentId: string, jobId: string, name: string): string =>
    `${documentId}/${jobId}/${name}`,
};
