/** Values of a directory's entry: so many, of so many bytes each, from there on. */
export interface Field {
  count: number;
  valueBytes: number;
  start: number;
}

/** What is read of a directory (IFD): fields by tag. */
export type Fields = Map<number, Field>;

/** Numbers of the fields that are read. */
export const TAG = {
  subfileType: 254,
  width: 256,
  height: 257,
  bitsPerSample: 258,
  compression: 259,
  stripOffsets: 273,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripBytes: 279,
  planarConfiguration: 284,
  predictor: 317,
  tileOffsets: 324,
} as const;

/** Bytes of one value, by field type 1–4: byte, ASCII, short, long. */
const VALUE_BYTES = [0, 1, 1, 2, 4];

/** A TIFF file's numbers, in the byte order that it says. */
export class TiffBytes {
  readonly #bytes: Buffer;
  readonly #little: boolean;

  /** @param file the one that says the byte order; else the bytes begin with it. */
  constructor(bytes: Buffer, file?: TiffBytes) {
    this.#bytes = bytes;
    this.#little = file ? file.#little : bytes[0] === 0x49;
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

  setShort(at: number, value: number): void {
    if (this.#little) this.#bytes.writeUInt16LE(value, at);
    else this.#bytes.writeUInt16BE(value, at);
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
