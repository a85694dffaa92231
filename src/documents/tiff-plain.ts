import { TAG, TiffBytes } from './tiff-bytes.js';

const UNCOMPRESSED = 1;
const SHORT = 3;
const LONG = 4;
/** Bytes of one value, by field type 1–12. TIFF 6.0, section 2. */
const VALUE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];
/** What says how pixels become a picture, beside where they are; in the order of a directory. */
const KEPT = new Set<number>([
  ...[254, 256, 257, 258, 259, 262, 266, 273, 274, 277, 278, 279],
  ...[282, 283, 284, 296, 317, 320, 338, 339],
]);
/** The longest of them is a palette of 16 bits: three times 65,536 shorts. */
const MAX_VALUE_BYTES = 400_000;

/** An entry of a directory, with its values where they lie elsewhere. */
interface Entry {
  tag: number;
  bytes: Buffer;
  values: Buffer | undefined;
}

/**
 * Writes a TIFF of one page, uncompressed.
 * @param bytes the file that its directory is taken from.
 * @param strips its pixels.
 */
export function writePlainTiff(
  bytes: Buffer,
  directoryAt: number,
  strips: readonly Buffer[],
): Buffer {
  const source = new TiffBytes(bytes);
  const entries = entriesOf(bytes, source, directoryAt);
  const plain = new Parts(bytes.subarray(0, 8));
  const offsets = strips.map((strip) => plain.add(strip));
  const table = Buffer.alloc(8 * strips.length);
  const numbers = new TiffBytes(table, source);
  for (const [i, strip] of strips.entries()) {
    numbers.setLong(4 * i, offsets[i] ?? 0);
    numbers.setLong(4 * (strips.length + i), strip.length);
  }
  const single = strips.length === 1;
  const tableAt = plain.add(table);
  const offsetsAt = single ? (offsets[0] ?? 0) : tableAt;
  const lengthsAt = single ? (strips[0]?.length ?? 0) : tableAt + 4 * strips.length;
  const directory = Buffer.alloc(2 + 12 * entries.length + 4);
  const file = new TiffBytes(directory, source);
  file.setShort(0, entries.length);
  for (const [i, { tag, bytes: entry, values }] of entries.entries()) {
    const at = 2 + 12 * i;
    entry.copy(directory, at);
    if (tag === TAG.stripOffsets) setEntry(file, at, strips.length, offsetsAt);
    else if (tag === TAG.stripBytes) setEntry(file, at, strips.length, lengthsAt);
    else if (tag === TAG.compression || tag === TAG.predictor) {
      file.setShort(at + 2, SHORT);
      file.setShort(at + 8, UNCOMPRESSED);
    } else if (values) file.setLong(at + 8, plain.add(values));
  }
  const newDirectoryAt = plain.add(directory);
  const whole = plain.whole();
  new TiffBytes(whole).setLong(4, newDirectoryAt);
  return whole;
}

/** Of each tag the first; what is damaged is left out. */
function entriesOf(bytes: Buffer, source: TiffBytes, directoryAt: number): Entry[] {
  const entries = new Map<number, Entry>();
  for (let i = 0; i < source.short(directoryAt); i++) {
    const at = directoryAt + 2 + 12 * i;
    const tag = source.short(at);
    const length = (VALUE_BYTES[source.short(at + 2)] ?? 0) * source.long(at + 4);
    if (!KEPT.has(tag) || entries.has(tag)) continue;
    const isPixels = tag === TAG.stripOffsets || tag === TAG.stripBytes;
    const start = source.long(at + 8);
    const isElsewhere = length > 4 && !isPixels;
    if (isElsewhere && (length > MAX_VALUE_BYTES || start + length > bytes.length)) continue;
    const values = isElsewhere ? bytes.subarray(start, start + length) : undefined;
    entries.set(tag, { tag, bytes: bytes.subarray(at, at + 12), values });
  }
  return [...entries.values()];
}

function setEntry(file: TiffBytes, entry: number, count: number, value: number): void {
  file.setShort(entry + 2, LONG);
  file.setLong(entry + 4, count);
  file.setLong(entry + 8, value);
}

/** A file that grows; each part starts at an even place. TIFF 6.0, section 2. */
class Parts {
  readonly #parts: Buffer[] = [];
  #length = 0;

  constructor(head: Buffer) {
    this.add(head);
  }

  /** @returns where the part starts. */
  add(part: Buffer): number {
    const at = this.#length;
    this.#parts.push(part);
    if (part.length % 2 === 1) this.#parts.push(Buffer.alloc(1));
    this.#length += part.length + (part.length % 2);
    return at;
  }

  whole(): Buffer {
    return Buffer.concat(this.#parts);
  }
}
