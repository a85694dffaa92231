import { inflateSync } from 'node:zlib';
import { DswError, messageOf } from '../errors.js';
import { TAG, TiffBytes, type Field, type Fields } from './tiff-bytes.js';
import { writePlainTiff } from './tiff-plain.js';
import type { TiffPage } from './tiff-format.js';

const UNCOMPRESSED = 1;
const DEFLATE = [8, 32_946];
/** The difference to the pixel on the left is stored. TIFF 6.0, section 14. */
const HORIZONTAL_PREDICTOR = 2;
const SEPARATE_PLANES = 2;
/** 16 bits for each of four samples: no page needs more bytes for a pixel. */
const MAX_BYTES_PER_PIXEL = 8;

/** Whether a TIFF's compression is zlib's: common, but unknown to the OCR engine's decoder. */
export function isDeflate(method: number): boolean {
  return DEFLATE.includes(method);
}

/** Whether the differences that a predictor leaves can be added up. */
export function canUndo(predictor: number, bitsPerSample: number): boolean {
  if (predictor !== HORIZONTAL_PREDICTOR) return predictor <= 1;
  return bitsPerSample === 8 || bitsPerSample === 16;
}

/**
 * Makes a page the first of its file, which is the one that decoders read; one that is packed with
 * Deflate gets a file of its own, without it. May change `bytes`.
 * @param name what to call the file in a message.
 * @throws DswError `refused` when the pixels are damaged, or more than the page's size explains.
 */
export function selectTiffPage(
  bytes: Buffer,
  page: TiffPage,
  { name, maxPixels }: { name: string; maxPixels: number },
): Buffer {
  const file = new TiffBytes(bytes);
  const { fields } = file.directory(page.directoryAt);
  if (!isDeflate(file.first(fields.get(TAG.compression)) ?? UNCOMPRESSED)) {
    file.setLong(4, page.directoryAt);
    return bytes;
  }
  try {
    const strips = inflateStrips(bytes, file, fields, page, maxPixels);
    return writePlainTiff(bytes, page.directoryAt, strips);
  } catch (cause) {
    const reason = messageOf(cause);
    const message = `${name}: damaged TIFF image: its pixels can't be inflated: ${reason}`;
    throw new DswError('refused', message, { cause });
  }
}

/** The pixels of each strip. */
function inflateStrips(
  bytes: Buffer,
  file: TiffBytes,
  fields: Fields,
  { width, height }: TiffPage,
  maxPixels: number,
): Buffer[] {
  const read = (tag: number, otherwise: number): number => file.first(fields.get(tag)) ?? otherwise;
  const offsets = required(fields.get(TAG.stripOffsets));
  const lengths = required(fields.get(TAG.stripBytes));
  if (lengths.count < offsets.count) throw new Error('lengths are missing');
  const samples =
    read(TAG.planarConfiguration, 1) === SEPARATE_PLANES ? 1 : read(TAG.samplesPerPixel, 1);
  const bits = read(TAG.bitsPerSample, 1);
  const rowBytes = Math.ceil((width * samples * bits) / 8);
  const stripBytes = rowBytes * Math.min(height, read(TAG.rowsPerStrip, height));
  if (stripBytes < 1 || stripBytes * offsets.count > maxPixels * MAX_BYTES_PER_PIXEL)
    throw new Error(`${offsets.count} strips of ${stripBytes} bytes`);
  const isPredicted = read(TAG.predictor, 1) === HORIZONTAL_PREDICTOR;
  return Array.from({ length: offsets.count }, (_, i) => {
    const start = file.value(offsets, i);
    const packed = bytes.subarray(start, start + file.value(lengths, i));
    const strip = inflateSync(packed, { maxOutputLength: stripBytes });
    if (isPredicted && bits === 16) addUpShorts(new TiffBytes(strip, file), rowBytes, samples);
    else if (isPredicted) addUp(strip, rowBytes, samples);
    return strip;
  });
}

function required(field: Field | undefined): Field {
  if (!field) throw new Error('a field is missing');
  return field;
}

function addUp(strip: Buffer, rowBytes: number, samples: number): void {
  for (let row = 0; row < strip.length; row += rowBytes) {
    const end = Math.min(strip.length, row + rowBytes);
    for (let i = row + samples; i < end; i++)
      strip[i] = (strip[i] ?? 0) + (strip[i - samples] ?? 0);
  }
}

function addUpShorts(strip: TiffBytes, rowBytes: number, samples: number): void {
  for (let row = 0; row < strip.length; row += rowBytes) {
    const end = Math.min(strip.length - 1, row + rowBytes);
    for (let at = row + 2 * samples; at < end; at += 2)
      strip.setShort(at, (strip.short(at) + strip.short(at - 2 * samples)) & 0xffff);
  }
}
