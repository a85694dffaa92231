import { formatRate, formatSeconds } from '../../planning/readable.js';
import type { Tone } from '../line.js';
import type { Cell } from '../pane.js';

/** A count; in `tone` when it is not zero. */
export function countCell(count: number, tone?: Tone): Cell {
  return { text: String(count), value: count, ...(tone && count > 0 ? { tone } : {}) };
}

/** Comes last when sorted. */
export const UNKNOWN: Cell = { text: '–', value: -1 };

export function durationCell(seconds: number | undefined): Cell {
  return seconds === undefined ? UNKNOWN : { text: formatSeconds(seconds), value: seconds };
}

export function rateCell(perHour: number | undefined): Cell {
  return perHour === undefined ? UNKNOWN : { text: formatRate(perHour), value: perHour };
}

/** Memory in the unit of its size: `85 MB`, `1.9 GB`. */
export function formatMemory(mb: number): string {
  return mb < 1000 ? `${Math.round(mb)} MB` : `${(mb / 1024).toFixed(1)} GB`;
}
