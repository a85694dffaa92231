import { totalmem } from 'node:os';
import type { PictureSize } from '../../documents/picture-size.js';
import { UnrecoverableError } from '../contract.js';

const MB = 1024 * 1024;
/** What a warm slot holds besides a page. */
const SLOT_MB = 64;
/**
 * What reading takes for each pixel, by its depth: measured with blank and tilted pages, which are
 * turned and so held twice (`docs/documents.md`, Memory).
 */
const BYTES_PER_PIXEL: Record<PictureSize['depth'], number> = { 1: 2.5, 8: 9, 32: 23 };
/** WebAssembly's addresses have 32 bits. */
const ENGINE_MB = 4096;

/**
 * Refuses a page that can't be read within the memory that there is, before any is taken.
 * @param what it is called in a message, such as "page 3".
 * @param slotMemoryMb what a slot may hold, if there is a bound.
 * @throws UnrecoverableError with the figures and what bounds them.
 */
export function requireMemory(
  { width, height, depth }: PictureSize,
  what: string,
  slotMemoryMb: number | undefined,
): void {
  const needMb = SLOT_MB + (width * height * BYTES_PER_PIXEL[depth]) / MB;
  const [mb, why] = bound(slotMemoryMb);
  if (needMb <= mb) return;
  throw new UnrecoverableError(
    `${what}: to read ${width} × ${height} pixels${depth === 32 ? ' in colour' : ''} ` +
      `takes ${Math.round(needMb)} MB, beyond the ${Math.floor(mb)} MB ${why}`,
  );
}

function bound(slotMemoryMb: number | undefined): [mb: number, why: string] {
  const bounds: [number, string][] = [
    [slotMemoryMb ?? Infinity, 'that a slot may hold (--slot-memory-mb)'],
    [machineMemoryMb(), 'that there are here'],
    [ENGINE_MB, 'that the OCR engine can hold'],
  ];
  return bounds.reduce((least, other) => (other[0] < least[0] ? other : least));
}

/** Of the machine, or of the container. */
function machineMemoryMb(): number {
  return Math.min(totalmem(), process.constrainedMemory() || Infinity) / MB;
}
