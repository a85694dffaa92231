import type { Defect } from './image-format.js';
import { depthOf, type PictureSize } from './picture-size.js';
import { TAG, TiffBytes, type Fields } from './tiff-bytes.js';
import { canUndo, isDeflate } from './tiff-inflate.js';

/** One page of a TIFF file. */
export interface TiffPage extends PictureSize {
  /** Where its directory starts, in bytes. */
  directoryAt: number;
}

/** What the OCR engine's decoder knows: none, CCITT's three, LZW and PackBits. */
const DECODED = [1, 2, 3, 4, 5, 32_773];
const JPEG = [6, 7];
const WAY_OUT = 'save it with LZW compression, or as PDF';

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
    const first = (tag: number, otherwise: number): number =>
      file.first(fields.get(tag)) ?? otherwise;
    const method = first(TAG.compression, 1);
    const [bits, predictor] = [first(TAG.bitsPerSample, 1), first(TAG.predictor, 1)];
    if (!DECODED.includes(method) && !isDeflate(method))
      return { unsupported: compressedWith(method) };
    if (isDeflate(method) && !canUndo(predictor, bits))
      return {
        unsupported: `its predictor is ${predictor}, its samples have ${bits} bits; ${WAY_OUT}`,
      };
    if (fields.has(TAG.tileOffsets))
      return { unsupported: 'it is made of tiles; save it in strips, or as PDF' };
    const [width, height] = [first(TAG.width, 0), first(TAG.height, 0)];
    const depth = depthOf(bits, first(TAG.samplesPerPixel, 1));
    const isThumbnail = (first(TAG.subfileType, 0) & 1) === 1;
    if (!isThumbnail) pages.push({ directoryAt: at, width, height, depth });
    if (!hasAllPixels(file, fields)) throw new RangeError('pixels lie beyond the end');
    at = next;
  }
  return pages.length === 0 ? 'it holds no picture' : pages;
}

function compressedWith(method: number): string {
  const name = JPEG.includes(method) ? 'JPEG' : `method ${method}`;
  return `it is compressed with ${name}; ${WAY_OUT}`;
}

function hasAllPixels(file: TiffBytes, fields: Fields): boolean {
  const offsets = fields.get(TAG.stripOffsets);
  const lengths = fields.get(TAG.stripBytes);
  if (!offsets || offsets.count === 0) return false;
  for (let i = 0; i < offsets.count; i++) {
    const length = lengths && i < lengths.count ? file.value(lengths, i) : 1;
    if (file.value(offsets, i) + Math.max(1, length) > file.length) return false;
  }
  return true;
}
