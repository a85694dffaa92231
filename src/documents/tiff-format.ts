import type { Defect } from './image-format.js';

/** One page of a TIFF file. */
export interface TiffPage {
  /** Where its directory starts, in bytes. */
  directoryAt: number;
  width: number;
  height: number;
}

/** Values of a directory's entry: so many, of so many bytes each, from there on. */
interface Field {
  count: number;
  valueBytes: number;
  start: number;
}

/** What is read of a directory (IFD): fields by tag. */
type Fields = Map<number, Field>;

const TAG = {
  subfileType: 254,
  width: 256,
  height: 257,
  compression: 259,
  stripOffsets: 273,
  stripBytes: 279,
  tileOffsets: 324,
  tileBytes: 325,
} as const;

/** What the OCR engine's decoder knows: none, CCITT's three, LZW and PackBits. */
const COMPRESSIONS = [1, 2, 3, 4, 5, 32_773];
const OTHER_COMPRESSIONS: Record<number, string> = {
  6: 'JPEG',
  7: 'JPEG',
  8: 'Deflate',
  32_946: 'Deflate',
};

/** Bytes of one value, by field type 1–4: byte, ASCII, short, long. */
const VALUE_BYTES = [0, 1, 1, 2, 4];

/**
 * The pages of a TIFF file, from its directories alone; thumbnails are left out. Adobe, TIFF 6.0,
 * section 2.
 * @param maxPages looks at no more directories than this and one.
 * @returns the pages, or why the file is not whole, or that it can't be read though it may be.
 * @throws RangeError when the file ends too early.
 */
export function readTiffPages(bytes: Buffer, maxPages: number): TiffPage[] | Defect {
  const file = new TiffBytes(bytes);
  if (file.short(2) === 43) return { unsupported: 'it is a BigTIFF; save it as plain TIFF' };
  const pages: TiffPage[] = [];
  const seen = new Set<number>();
  let values = 0;
  for (let at = file.long(4); at !== 0 && pages.length <= maxPages;) {
    if (seen.has(at)) return 'its pages form a loop';
    seen.add(at);
    const { fields, next } = file.directory(at);
    // Each value has bytes of its own; else a small file could keep us busy for hours.
    for (const { count } of fields.values()) values += count;
    if (values > bytes.length) return 'its directories overlap';
    const compression = file.first(fields.get(TAG.compression)) ?? 1;
    if (!COMPRESSIONS.includes(compression)) return { unsupported: compressedWith(compression) };
    const width = file.first(fields.get(TAG.width)) ?? 0;
    const height = file.first(fields.get(TAG.height)) ?? 0;
    const isThumbnail = ((file.first(fields.get(TAG.subfileType)) ?? 0) & 1) === 1;
    if (!isThumbnail) pages.push({ directoryAt: at, width, height });
    if (!hasAllPixels(file, fields)) throw new RangeError('pixels lie beyond the end');
    at = next;
  }
  return pages.length === 0 ? 'it holds no picture' : pages;
}

function compressedWith(compression: number): string {
  const method = OTHER_COMPRESSIONS[compression] ?? `method ${compression}`;
  return `it is compressed with ${method}; save it with LZW compression, or as PDF`;
}

/**
 * Makes a page the first of its file, which is the one that decoders read. Changes `bytes`.
 */
export function selectTiffPage(bytes: Buffer, { directoryAt }: TiffPage): void {
  new TiffBytes(bytes).setLong(4, directoryAt);
}

function hasAllPixels(file: TiffBytes, fields: Fields): boolean {
  const offsets = fields.get(TAG.stripOffsets) ?? fields.get(TAG.tileOffsets);
  const lengths = fields.get(TAG.stripBytes) ?? fields.get(TAG.tileBytes);
  if (!offsets || offsets.count === 0) return false;
  for (let i = 0; i < offsets.count; i++) {
    const length = lengths && i < lengths.count ? file.value(lengths, i) : 1;
    if (file.value(offsets, i) + Math.max(1, length) > file.length) return false;
  }
  return true;
}

/** A TIFF file's numbers, in the byte order that it says. */
class TiffBytes {
  readonly #bytes: Buffer;
  readonly #little: boolean;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#little = bytes[0] === 0x49;
  }

  get length(): number {
    return this.#bytes.length;
  }

  short(at: number): number {
    return this.#little ? this.#bytes.readUInt16LE(at) : this.#bytes.readUInt16BE(at);
  }

  long(at: number): number {
    return this.#little ? this.#bytes.readUInt32LE(at) : this.#bytes.readUInt32BE(at);
  }

  setLong(at: number, value: number): void {
    if (this.#little) this.#bytes.writeUInt32LE(value, at);
    else this.#bytes.writeUInt32BE(value, at);
  }

  directory(at: number): { fields: Fields; next: number } {
    const count = this.short(at);
    const fields: Fields = new Map();
    const wanted = new Set<number>(Object.values(TAG));
    for (let i = 0; i < count; i++) {
      const entry = at + 2 + 12 * i;
      const tag = this.short(entry);
      if (wanted.has(tag)) fields.set(tag, this.#field(entry));
    }
    return { fields, next: this.long(at + 2 + 12 * count) };
  }

  /** The values of an entry: in place when they fit in four bytes, else where it points to. */
  #field(entry: number): Field {
    const valueBytes = VALUE_BYTES[this.short(entry + 2)] ?? 0;
    const count = this.long(entry + 4);
    const start = valueBytes * count <= 4 ? entry + 8 : this.long(entry + 8);
    if (valueBytes === 0 || start + valueBytes * count > this.length)
      throw new RangeError('values lie beyond the end');
    return { count, valueBytes, start };
  }

  value({ valueBytes, start }: Field, i: number): number {
    const at = start + valueBytes * i;
    if (valueBytes === 1) return this.#bytes.readUInt8(at);
    return valueBytes === 2 ? this.short(at) : this.long(at);
  }

  first(field: Field | undefined): number | undefined {
    return field && field.count > 0 ? this.value(field, 0) : undefined;
  }
}
