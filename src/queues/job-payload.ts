import { DswError } from '../errors.js';

/** Version of the envelope below. A worker runs its own version and all before it. */
const PAYLOAD_VERSION = 1;

/** What a job carries in its queue. Never document content: that lies in the document store. */
export interface JobPayload {
  version: number;
  /** Input of the task; the task's own schema checks it. */
  input: unknown;
  /** What people call this job: the document's file name, where there is one. */
  label?: string;
  /** When the schedule that sent it was due, in milliseconds since the epoch. */
  dueAt?: number;
  /** Hash of the document's content: recognises it under another id. */
  contentHash?: string;
  /** Identity of the store that the document lies in. */
  store?: string;
  /** Of a part: the task of the job that it is a part of. */
  partOf?: string;
}

export function encodePayload(payload: Omit<JobPayload, 'version'>): JobPayload {
  return { version: PAYLOAD_VERSION, ...payload };
}

/** The document that a task's input names, if any. */
export function documentIdOf(input: unknown): string | undefined {
  const { documentId } = (input ?? {}) as { documentId?: unknown };
  return typeof documentId === 'string' ? documentId : undefined;
}

/** A job's data, or undefined when dsw can't read it. */
export function peekPayload(data: string): JobPayload | undefined {
  try {
    return decodePayload(data);
  } catch {
    return undefined;
  }
}

/**
 * Reads a job's data.
 * @throws DswError `refused` when it was not written by dsw, or by a newer one.
 */
export function decodePayload(data: string): JobPayload {
  let payload: unknown;
  try {
    payload = JSON.parse(data);
  } catch {
    payload = undefined;
  }
  if (
    typeof payload !== 'object' ||
    payload === null ||
    !('version' in payload) ||
    !('input' in payload)
  ) {
    throw new DswError(
      'refused',
      'expected a job payload with "version" and "input"; this job was not enqueued by dsw',
    );
  }
  if (typeof payload.version !== 'number' || payload.version > PAYLOAD_VERSION) {
    throw new DswError(
      'refused',
      `expected a payload of version ${PAYLOAD_VERSION} or older, got ${String(payload.version)}`,
      {
        hint: 'A newer dsw enqueued this job: update this worker.',
      },
    );
  }
  return payload as JobPayload;
}
