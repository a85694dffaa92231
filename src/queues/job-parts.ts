import type { LeasedJob } from './leased-job.js';
import { decodePayload, encodePayload } from './job-payload.js';

/** A share of a job's work, to be run as a job of its own. */
export interface JobPart {
  task: string;
  input: unknown;
  /** Such as "page 3": names it on screens, and in the reason when the whole job fails by it. */
  name: string;
  /** How much of the whole it is. */
  units: number;
}

/** How a job is to be split. When all parts are done, it runs again. */
export interface JobParts {
  parts: JobPart[];
  /** Units that were done before, and all that there are. */
  kept: number;
  total: number;
  /** Such as "pages". */
  unit: string;
}

/** How far a job's parts are; stands in its record. Times in milliseconds since the epoch. */
export interface PartsProgress {
  done: number;
  kept: number;
  total: number;
  unit: string;
  /** When it was begun, before it was split. */
  begunAt: number;
  /** When its last part so far ended. */
  readyAt: number;
}

/** What the exchange's script is told: the parts' payloads are ready. */
export function encodeSplit(job: LeasedJob, { parts, kept, total, unit }: JobParts): string {
  const { label, contentHash, store, input } = decodePayload(job.data);
  const { attempts, trace } = job;
  const orders = parts.map((part) => ({
    task: part.task,
    name: part.name,
    units: part.units,
    data: JSON.stringify(
      encodePayload({
        input: part.input,
        label: `${label ?? job.id}, ${part.name}`,
        // One that kills workers is remembered as the whole: it is what is submitted again.
        partOf: job.task,
        contentHash: contentHash ?? JSON.stringify(input),
        ...(store === undefined ? {} : { store }),
      }),
    ),
  }));
  return JSON.stringify({ parts: orders, kept, total, unit, attempts, trace });
}

/** Reads a record's field; undefined for a job that was never split. */
export function readPartsProgress(progress: unknown): PartsProgress | undefined {
  const isProgress = typeof progress === 'object' && progress !== null && 'begunAt' in progress;
  return isProgress ? (progress as PartsProgress) : undefined;
}

/** For people: "12/20 pages". */
export function describeParts({ done, total, unit }: PartsProgress): string {
  return `${done}/${total} ${unit}`;
}
