import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { sampleBytes } from './samples.js';

/** A page of a PDF: with a text layer, or an image as a scanner makes it. */
export type TestPage = { text: string[] } | { scan: Buffer; degrees?: number };

const WIDTH = 612;
const HEIGHT = 792;

/** A PDF as small as can be, for pages of US letter size. @param extra objects, numbered from 3. */
export function pdfOf(pages: readonly TestPage[]): Buffer {
  const objects: (string | Buffer)[] = [];
  const add = (body: string | Buffer): number => objects.push(body);
  add('<< /Type /Catalog /Pages 2 0 R >>');
  add('');
  const font = add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>');
  const kids = pages.map((page) => {
    const isScan = 'scan' in page;
    const content = add(
      stream(
        isScan
          ? `q ${WIDTH} 0 0 ${HEIGHT} 0 0 cm /I Do Q`
          : page.text
              .map((line, i) => `BT /F 12 Tf 72 ${720 - 18 * i} Td (${line}) Tj ET`)
              .join('\n'),
      ),
    );
    const resources = isScan
      ? `<< /XObject << /I ${add(imageObject(page.scan))} 0 R >> >>`
      : `<< /Font << /F ${font} 0 R >> >>`;
    const rotate = isScan ? (page.degrees ?? 0) : 0;
    return add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${WIDTH} ${HEIGHT}] /Rotate ${rotate} ` +
        `/Resources ${resources} /Contents ${content} 0 R >>`,
    );
  });
  const list = kids.map((kid) => `${kid} 0 R`).join(' ');
  objects[1] = `<< /Type /Pages /Count ${kids.length} /Kids [${list}] >>`;
  return writePdf(objects);
}

/** A PDF file of objects, the first of which is its catalog. @param trailer further entries. */
export function writePdf(objects: readonly (string | Buffer)[], trailer = ''): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')];
  const offsets: number[] = [];
  let length = parts[0]!.length;
  for (const [i, body] of objects.entries()) {
    offsets.push(length);
    const part = Buffer.concat([
      Buffer.from(`${i + 1} 0 obj\n`),
      Buffer.from(body),
      Buffer.from('\nendobj\n'),
    ]);
    parts.push(part);
    length += part.length;
  }
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`);
  const size = objects.length + 1;
  parts.push(
    Buffer.from(
      `xref\n0 ${size}\n0000000000 65535 f \n${rows.join('')}` +
        `trailer\n<< /Size ${size} /Root 1 0 R ${trailer} >>\nstartxref\n${length}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}

function stream(content: string): string {
  return `<< /Length ${content.length} >>\nstream\n${content}\nendstream`;
}

/** A JPEG of 1275 × 1650 grey pixels as an image object. */
function imageObject(jpeg: Buffer): Buffer {
  const head =
    `<< /Type /XObject /Subtype /Image /Width 1275 /Height 1650 /ColorSpace /DeviceGray ` +
    `/BitsPerComponent 8 /Filter /DCTDecode /Length ${jpeg.length} >>\nstream\n`;
  return Buffer.concat([Buffer.from(head), jpeg, Buffer.from('\nendstream')]);
}

/** The upper part of a sample page: as good as the whole for most tests, and sooner read. */
export function topOf(sample: string, height = 400): Promise<Buffer> {
  return sharp(sampleBytes(sample))
    .flatten({ background: 'white' })
    .extract({ left: 0, top: 0, width: 1240, height })
    .png()
    .toBuffer();
}

/** An image as a scanner would put it into a PDF: letter size at 150 dpi. */
export function scanOf(image: Buffer): Promise<Buffer> {
  return sharp(image)
    .resize(1275, 1650, { fit: 'contain', position: 'top', background: 'white' })
    .toColourspace('b-w')
    .jpeg({ quality: 90 })
    .toBuffer();
}

/** An image, turned clockwise. */
export function turned(image: Buffer, degrees: number): Promise<Buffer> {
  return sharp(image).rotate(degrees, { background: 'white' }).png().toBuffer();
}

/** A TIFF of several grey pages, each in one strip. */
export async function tiffOf(images: readonly Buffer[]): Promise<Buffer> {
  const parts: Buffer[] = [Buffer.from('II*\0\0\0\0\0', 'latin1')];
  let length = 8;
  let linkAt = 4;
  for (const image of images) {
    const { data, info } = await sharp(image)
      .toColourspace('b-w')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const pixels = data.length % 2 === 0 ? data : Buffer.concat([data, Buffer.alloc(1)]);
    const entries: [tag: number, value: number][] = [
      [256, info.width],
      [257, info.height],
      [258, 8],
      [259, 1],
      [262, 1],
      [273, length],
      [277, 1],
      [278, info.height],
      [279, data.length],
    ];
    const directory = Buffer.alloc(6 + 12 * entries.length);
    directory.writeUInt16LE(entries.length, 0);
    for (const [i, [tag, value]] of entries.entries()) {
      const at = 2 + 12 * i;
      directory.writeUInt16LE(tag, at);
      directory.writeUInt16LE(4, at + 2);
      directory.writeUInt32LE(1, at + 4);
      directory.writeUInt32LE(value, at + 8);
    }
    parts.push(pixels, directory);
    setLong(parts, linkAt, length + pixels.length);
    linkAt = length + pixels.length + 2 + 12 * entries.length;
    length += pixels.length + directory.length;
  }
  return Buffer.concat(parts);
}

/** Writes a number into a file that still is in pieces. */
function setLong(parts: readonly Buffer[], at: number, value: number): void {
  let start = 0;
  for (const part of parts) {
    if (at < start + part.length) {
      part.writeUInt32LE(value, at - start);
      return;
    }
    start += part.length;
  }
}

const SAMPLES_OF_COLOUR_TYPE: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** A white PNG of any size, in a file that is hardly anything; not interlaced. */
export function pngOf(size: {
  width: number;
  height: number;
  bits: number;
  /** 0 grey, 2 colour, 3 palette; 4 and 6 with alpha. */
  colourType: number;
}): Buffer {
  const samples = SAMPLES_OF_COLOUR_TYPE[size.colourType]!;
  const rowBytes = 1 + Math.ceil((size.width * samples * size.bits) / 8);
  const rows = Buffer.alloc(rowBytes * size.height, 0xff);
  for (let y = 0; y < size.height; y++) rows[y * rowBytes] = 0;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size.width, 0);
  header.writeUInt32BE(size.height, 4);
  header[8] = size.bits;
  header[9] = size.colourType;
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    pngChunk('IHDR', header),
    ...(size.colourType === 3 ? [pngChunk('PLTE', Buffer.alloc(3 << size.bits, 0xff))] : []),
    pngChunk('IDAT', deflateSync(rows, { level: 1 })),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  data.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), 8 + data.length);
  return chunk;
}

/** An uncompressed BMP. @param height negative: rows top down. @param rgb 3 bytes a pixel. */
export function bmpOf(width: number, height: number, bits: number, rgb: Buffer): Buffer {
  const palette = bits === 8 ? 256 : 0;
  const start = 54 + 4 * palette;
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  const rows = Math.abs(height);
  const bmp = Buffer.alloc(start + rowBytes * rows);
  bmp.write('BM', 'latin1');
  bmp.writeUInt32LE(bmp.length, 2);
  bmp.writeUInt32LE(start, 10);
  bmp.writeUInt32LE(40, 14);
  bmp.writeInt32LE(width, 18);
  bmp.writeInt32LE(height, 22);
  bmp.writeUInt16LE(1, 26);
  bmp.writeUInt16LE(bits, 28);
  for (let i = 0; i < palette; i++) bmp.fill(i, 54 + 4 * i, 57 + 4 * i);
  for (let y = 0; y < rows; y++) {
    const row = start + rowBytes * (height < 0 ? y : rows - 1 - y);
    for (let x = 0; x < width; x++) {
      const [r = 0, g = 0, b = 0] = rgb.subarray(3 * (y * width + x));
      const at = row + (x * bits) / 8;
      if (bits === 8) bmp[at] = g;
      else if (bits === 16) bmp.writeUInt16LE(((r >> 3) << 10) | ((g >> 3) << 5) | (b >> 3), at);
      else bmp.set([b, g, r], at);
    }
  }
  return bmp;
}
