/// <reference types="node" preserve="true" />
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { DswError, fileProblem, messageOf } from '../errors.js';
import { oneLine, oneMessage } from '../shown-text.js';

/** A file's path, its content, or a stream of it. */
export type DocumentSource = string | Uint8Array | AsyncIterable<Uint8Array>;

/**
 * Reads a document, but never more of it than `maxBytes`.
 * @param name what to call it in a message.
 * @throws DswError `usage` when there is no such file, `refused` when it is too large.
 */
export async function readSource(
  source: DocumentSource,
  name: string,
  maxBytes: number,
): Promise<Buffer> {
  const refuse = (bytes: number | string): DswError =>
    new DswError(
      'refused',
      `${oneLine(name)}: ${bytes} bytes are beyond limits.maxBytes (${maxBytes})`,
    );
  if (source instanceof Uint8Array) {
    if (source.length > maxBytes) throw refuse(source.length);
    return Buffer.from(source);
  }
  if (typeof source === 'string') {
    const { size } = await stat(source).catch((error: unknown) => unreadable(source, error));
    if (size > maxBytes) throw refuse(size);
  }
  const stream = typeof source === 'string' ? createReadStream(source) : source;
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      length += chunk.length;
      if (length > maxBytes) throw refuse(`more than ${maxBytes}`);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof DswError || typeof source !== 'string') throw error;
    return unreadable(source, error);
  }
  return Buffer.concat(chunks);
}

function unreadable(path: string, error: unknown): never {
  const reason = fileProblem(error) ?? oneMessage(messageOf(error));
  throw new DswError('usage', `${oneLine(path)}: ${reason}`, { cause: error });
}
