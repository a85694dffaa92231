import type { DocumentLimits } from '../config/document-settings.js';
import { DswError } from '../errors.js';
import { depthOf, type PictureSize } from './picture-size.js';
import { readTiffPages } from './tiff-format.js';

export interface ImageInfo {
  format: 'png' | 'jpeg' | 'webp' | 'bmp' | 'tiff';
  /** One, or in a TIFF several. */
  pages: PictureSize[];
}

/** Why an image is damaged, or why it can't be read though it may be whole. */
export type Defect = string | { unsupported: string };

/** What a reader of one format finds: the size of each picture, or what is wrong. */
type Finding = PictureSize[] | Defect;

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

const READERS: {
  format: ImageInfo['format'];
  matches(bytes: Buffer): boolean;
  read(bytes: Buffer, limits: DocumentLimits): Finding;
}[] = [
  { format: 'png', matches: (b) => b.subarray(0, 8).equals(PNG_SIGNATURE), read: readPng },
  {
    format: 'jpeg',
    matches: (b) => b[0] === 0xff && b[1] === 0xd8 && b[2] === 0xff,
    read: readJpeg,
  },
  {
    format: 'webp',
    matches: (b) => ascii(b, 0, 4) === 'RIFF' && ascii(b, 8, 4) === 'WEBP',
    read: readWebp,
  },
  { format: 'bmp', matches: (b) => ascii(b, 0, 2) === 'BM', read: readBmp },
  {
    format: 'tiff',
    // Version 42, or 43 for BigTIFF, in the byte order that the first two letters name.
    matches: (b) => /^(II[*+]\0|MM\0[*+])$/.test(ascii(b, 0, 4)),
    read: (b, { maxPages }) => readTiffPages(b, maxPages),
  },
];

/**
 * Tells format and size of a page image from its structure, without decoding a pixel.
 * @param name what to call the file in a message.
 * @throws DswError `refused` with name and reason when it is empty, no image, not whole, or has
 *   more pixels than the limit.
 */
export function inspectImage(bytes: Buffer, name: string, limits: DocumentLimits): ImageInfo {
  const refuse = (reason: string): DswError => new DswError('refused', `${name}: ${reason}`);
  if (bytes.length === 0) throw refuse('the file is empty');
  const reader = READERS.find(({ matches }) => matches(bytes));
  if (!reader)
    throw refuse('expected a PDF or a PNG, JPEG, WebP, BMP or TIFF image, got something else');
  let finding: Finding;
  try {
    finding = reader.read(bytes, limits);
  } catch (error) {
    // Reading past the end of the buffer.
    if (!(error instanceof RangeError)) throw error;
    finding = TRUNCATED;
  }
  const label = reader.format.toUpperCase();
  if (typeof finding === 'string') throw refuse(`damaged ${label} image: ${finding}`);
  if ('unsupported' in finding)
    throw refuse(`${label} image of a kind that can't be read: ${finding.unsupported}`);
  for (const [i, { width, height }] of finding.entries()) {
    const where = finding.length > 1 ? `page ${i + 1}: ` : '';
    const size = `${width} × ${height} pixels`;
    if (width < 1 || height < 1) throw refuse(`damaged ${label} image: ${where}${size}`);
    if (width * height > limits.maxPixelsPerPage)
      throw refuse(
        `${where}${size} are beyond limits.maxPixelsPerPage (${limits.maxPixelsPerPage})`,
      );
  }
  return { format: reader.format, pages: finding };
}

/** In colour, grey with alpha, colour with alpha. */
const PNG_IN_COLOUR = [2, 4, 6];
const WEBP_ANIMATION = 0x02;
const TRUNCATED = 'the file is cut off';
const BITMAPINFOHEADER_BYTES = 40;
/** Bits a pixel by kind of BMP: plain (BI_RGB), with bit masks (BI_BITFIELDS). */
const BMP_DEPTHS: Record<number, number[]> = { 0: [1, 4, 8, 16, 24, 32], 3: [16, 32] };

function ascii(bytes: Buffer, start: number, length: number): string {
  return bytes.toString('latin1', start, start + length);
}

/** Chunks of length, type, data, checksum; the last is IEND. W3C PNG, section 5. */
function readPng(bytes: Buffer): Finding {
  if (ascii(bytes, 12, 4) !== 'IHDR') return 'the header is missing';
  const [bits, colour] = [bytes.readUInt8(24), bytes.readUInt8(25)];
  const depth = depthOf(bits, PNG_IN_COLOUR.includes(colour) ? 3 : 1);
  const size = [{ width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20), depth }];
  for (let at = 8; at + 12 <= bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    if (ascii(bytes, at + 4, 4) === 'IEND') return size;
  }
  return TRUNCATED;
}

/** Marker segments up to the scan, which an end marker closes. ITU-T T.81, annex B. */
function readJpeg(bytes: Buffer): Finding {
  let size: Finding = 'it holds no picture';
  let at = 2;
  for (;;) {
    if (bytes.readUInt8(at) !== 0xff) return 'a marker is missing';
    const marker = bytes.readUInt8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xd9) return size;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      const bits = bytes.readUInt8(at + 4);
      if (bits !== 8)
        return { unsupported: `its samples have ${bits} bits; save it with 8, or as PNG` };
      const [height, width] = [bytes.readUInt16BE(at + 5), bytes.readUInt16BE(at + 7)];
      size = [{ width, height, depth: depthOf(bits, bytes.readUInt8(at + 9)) }];
    }
    if (marker === 0xda)
      return bytes.lastIndexOf(Buffer.from([0xff, 0xd9])) > at ? size : TRUNCATED;
    at += 2 + bytes.readUInt16BE(at + 2);
  }
}

/**
 * A RIFF container that states its length, of chunks of type, length, data; with a header of its
 * own when there is more than the picture. Google, WebP Container Specification.
 */
function readWebp(bytes: Buffer): Finding {
  const end = bytes.readUInt32LE(4) + 8;
  if (end > bytes.length) return TRUNCATED;
  let canvas: PictureSize | undefined;
  for (let at = 12; at + 8 <= end; at += 8 + 2 * Math.ceil(bytes.readUInt32LE(at + 4) / 2)) {
    const type = ascii(bytes, at, 4);
    if (type === 'VP8X') {
      if ((bytes.readUInt8(at + 8) & WEBP_ANIMATION) !== 0)
        return { unsupported: 'it is animated; save one picture of it' };
      canvas = webpSize(bytes.readUIntLE(at + 12, 3) + 1, bytes.readUIntLE(at + 15, 3) + 1);
    }
    const picture = webpPicture(bytes, type, at + 8);
    if (!picture) continue;
    const isWhole = canvas?.width === picture.width && canvas.height === picture.height;
    return canvas && !isWhole ? 'its picture has another size than it says' : [picture];
  }
  return 'it holds no picture';
}

function webpPicture(bytes: Buffer, type: string, at: number): PictureSize | undefined {
  if (type === 'VP8 ')
    return webpSize(bytes.readUInt16LE(at + 6) & 0x3fff, bytes.readUInt16LE(at + 8) & 0x3fff);
  if (type !== 'VP8L') return undefined;
  const bits = bytes.readUInt32LE(at + 1);
  return webpSize((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
}

function webpSize(width: number, height: number): PictureSize {
  return { width, height, depth: 32 };
}

/** A header that states the file's length. Rows may be stored top down, with negative height. */
function readBmp(bytes: Buffer): Finding {
  if (bytes.readUInt32LE(2) > bytes.length) return TRUNCATED;
  if (bytes.readUInt32LE(14) < BITMAPINFOHEADER_BYTES)
    return { unsupported: 'it is from OS/2; save it as a newer BMP or as PNG' };
  const [width, height] = [bytes.readInt32LE(18), Math.abs(bytes.readInt32LE(22))];
  const bits = bytes.readUInt16LE(28);
  const depths = BMP_DEPTHS[bytes.readUInt32LE(30)];
  if (!depths) return { unsupported: 'it is compressed; save it as a plain BMP or as PNG' };
  if (!depths.includes(bits)) return `${bits} bits a pixel`;
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  return bytes.readUInt32LE(10) + rowBytes * height > bytes.length
    ? TRUNCATED
    : [{ width, height, depth: depthOf(bits, bits > 8 ? 3 : 1) }];
}
