import { DswError } from '../errors.js';
import type { DocumentStore } from './document-store.js';
import { FileStore } from './file-store.js';

/**
 * The store at a URL: `file:FOLDER`, absolute or relative to the working folder.
 * @throws DswError `config` for another kind of URL.
 */
export function openDocumentStore(url: string): DocumentStore {
  if (url.startsWith('file:')) return new FileStore(url.slice('file:'.length).replace(/^\/\//, ''));
  throw new DswError('config', `store: expected file:FOLDER, got ${JSON.stringify(url)}`);
}
