/** One page of a TIFF file. */
export interface TiffPage {
  /** Where its directory starts, in bytes. */
  directoryAt: number;
  width: number;
  height: number;
}

/** What is read of a directory (IFD): fields by tag. */
type Fields = Map<number, number[]>;

const TAG = {
  subfileType: 254,
  width: 256,
  height: 257,
  stripOffsets: 273,
  stripBytes: 279,
  tileOffsets: 324,
  tileBytes: 325,
} as const;

/** Bytes of one value, by field type 1–4: byte, ASCII, short, long. */
const VALUE_BYTES = [0, 1, 1, 2, 4];

/**
 * The pages of a TIFF file, from its directories alone; thumbnails are left out. Adobe, TIFF 6.0,
 * section 2.
 * @param maxPages looks at no more directories than this and one.
 * @returns the pages, or why the file is not whole.
 * @throws RangeError when the file ends too early.
 */
export function readTiffPages(bytes: Buffer, maxPages: number): TiffPage[] | string {
  const file = new TiffBytes(bytes);
  if (file.short(2) === 43) return 'BigTIFF is not supported; save it as plain TIFF';
  const pages: TiffPage[] = [];
  const seen = new Set<number>();
  for (let at = file.long(4); at !== 0 && pages.length <= maxPages;) {
    if (seen.has(at)) return 'its pages form a loop';
    seen.add(at);
    const { fields, next } = file.directory(at);
    const [width = 0, height = 0] = [fields.get(TAG.width)?.[0], fields.get(TAG.height)?.[0]];
    const isThumbnail = ((fields.get(TAG.subfileType)?.[0] ?? 0) & 1) === 1;
    if (!isThumbnail) pages.push({ directoryAt: at, width, height });
    if (!hasAllPixels(fields, bytes.length)) throw new RangeError('pixels lie beyond the end');
    at = next;
  }
  return pages.length === 0 ? 'it holds no picture' : pages;
}

/**
 * Makes a page the first of its file, which is the one that decoders read. Changes `bytes`.
 */
export function selectTiffPage(bytes: Buffer, { directoryAt }: TiffPage): void {
  new TiffBytes(bytes).setLong(4, directoryAt);
}

function hasAllPixels(fields: Fields, fileBytes: number): boolean {
  const offsets = fields.get(TAG.stripOffsets) ?? fields.get(TAG.tileOffsets) ?? [];
  const lengths = fields.get(TAG.stripBytes) ?? fields.get(TAG.tileBytes) ?? [];
  return (
    offsets.length > 0 &&
    offsets.every((offset, i) => offset + Math.max(1, lengths[i] ?? 1) <= fileBytes)
  );
}

/** A TIFF file's numbers, in the byte order that it says. */
class TiffBytes {
  readonly #bytes: Buffer;
  readonly #little: boolean;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#little = bytes[0] === 0x49;
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
      if (wanted.has(tag)) fields.set(tag, this.#values(entry));
    }
    return { fields, next: this.long(at + 2 + 12 * count) };
  }

  /** The values of an entry: in place when they fit in four bytes, else where it points to. */
  #values(entry: number): number[] {
    const size = VALUE_BYTES[this.short(entry + 2)] ?? 0;
    const count = this.long(entry + 4);
    const start = size * count <= 4 ? entry + 8 : this.long(entry + 8);
    if (size === 0 || start + size * count > this.#bytes.length) throw new RangeError('values');
    return Array.from({ length: count }, (_, i) => {
      const at = start + size * i;
      if (size === 1) return this.#bytes.readUInt8(at);
      return size === 2 ? this.short(at) : this.long(at);
    });
  }
}
