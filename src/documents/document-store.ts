/// <reference types="node" preserve="true" />
import { DswError } from '../errors.js';

/** One stored object. */
export interface StoredObject {
  key: string;
  bytes: number;
}

/** All that is stored of one document: its source, results, checkpoints. */
export interface StoredDocument {
  id: string;
  bytes: number;
  /** When the newest of it was written. */
  modifiedAt: Date;
}

/**
 * Where documents and results lie. Keys are generated paths such as `d01…/source`, never file
 * names; everything of one document lies below the document's id. What an object is, its content
 * tells.
 */
export interface DocumentStore {
  /** Writes an object whole or not at all. @throws DswError `refused` when it is too large. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** @throws DswError `refused` when there is no such object. */
  get(key: string): Promise<Buffer>;
  /** Whether there is such an object. */
  has(key: string): Promise<boolean>;
  /** The objects of one document whose key starts with `prefix`, such as `d01…/`. */
  list(prefix: string): AsyncIterable<StoredObject>;
  /** Every document, in no particular order; as many as there are, never all in memory. */
  documents(): AsyncIterable<StoredDocument>;
  /** Removes the objects of one document whose key starts with `prefix`. @returns bytes freed. */
  remove(prefix: string): Promise<number>;
  /** Where an object can be found by a person: a path or a URL. */
  locate(key: string): string;
  /**
   * What tells this store from another one. Two workers with a folder of their own each may call it
   * by the same path; neither may judge what lies in the other's.
   */
  identity(): Promise<string>;
  /** Lets go of connections. */
  close(): Promise<void>;
}

/** Keys of one document's objects. */
export const documentKeys = {
  all: (documentId: string): string => `${documentId}/`,
  source: (documentId: string): string => `${documentId}/source`,
  result: (documentId: string, jobId: string, name: string): string =>
    `${documentId}/${jobId}/${name}`,
};

/**
 * The id of the document that a key, or a prefix of keys, belongs to, and the rest.
 * @throws DswError `refused` for anything that could lead out of the document's own place.
 */
export function splitKey(key: string): { id: string; name: string } {
  const match = /^([a-z0-9][\w-]*)\/((?:[\w-][\w.-]*\/)*(?:[\w-][\w.-]*)?)$/i.exec(key);
  if (!match) {
    throw new DswError('refused', `expected a key inside the store, got ${JSON.stringify(key)}`);
  }
  return { id: match[1] ?? '', name: match[2] ?? '' };
}

export function missingObject(key: string, cause?: unknown): DswError {
  return new DswError('refused', `no document at ${key} in the store`, {
    hint: 'It was removed, or this worker uses another store than the one it was submitted to.',
    cause,
  });
}
