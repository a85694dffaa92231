import sharp from 'sharp';
import { topOf } from '../support/pages.js';
import { describe, expect, it } from 'vitest';
import { readSamples } from '../../src/app/samples.js';
import { inspectImage } from '../../src/documents/image-format.js';
import { taskSettingsFrom } from '../support/task-settings.js';
import { readTiffPages, type TiffPage } from '../../src/documents/tiff-format.js';
import { selectTiffPage } from '../../src/documents/tiff-inflate.js';

const samples = readSamples();
const { limits } = taskSettingsFrom();

describe('inspectImage', () => {
  it('tells format and size of every sample', () => {
    const formats = new Set<string>();
    for (const { name, bytes } of samples) {
      const { format, pages } = inspectImage(bytes, name, limits);
      formats.add(format);
      expect(pages, name).toHaveLength(1);
      expect(pages[0]!.width, name).toBeGreaterThan(500);
      expect(pages[0]!.height, name).toBeGreaterThan(200);
    }
    expect([...formats].sort()).toEqual(['bmp', 'jpeg', 'png', 'webp']);
  });

  it.each(samples)('refuses $name cut off at every tenth', ({ name, bytes }) => {
    for (let tenth = 1; tenth <= 9; tenth++) {
      const cut = bytes.subarray(0, Math.floor((bytes.length * tenth) / 10));
      expect(() => inspectImage(cut, name, limits), `at ${tenth}/10`).toThrow(`${name}: damaged`);
    }
  });

  it('refuses what is empty or no image, naming file and reason', () => {
    expect(() => inspectImage(Buffer.alloc(0), 'a.png', limits)).toThrow(
      'a.png: the file is empty',
    );
    expect(() => inspectImage(Buffer.from('hello'), 'b.png', limits)).toThrow(
      'b.png: expected a PDF or a PNG, JPEG, WebP, BMP or TIFF image',
    );
    expect(() => inspectImage(Buffer.from([0x42]), 'c.bmp', limits)).toThrow('c.bmp: expected');
  });

  it('refuses an image without pixels', () => {
    const png = Buffer.from(samples.find(({ name }) => name.endsWith('.png'))!.bytes);
    png.writeUInt32BE(0, 16);
    expect(() => inspectImage(png, 'flat.png', limits)).toThrow(
      /flat\.png: damaged PNG image: 0 × \d+ pixels/,
    );
  });

  it.each([
    [8, 3, 'e.bmp: damaged BMP image: 8 bits a pixel'],
    [48, 0, 'e.bmp: damaged BMP image: 48 bits a pixel'],
    [24, 1, "e.bmp: BMP image of a kind that can't be read: it is compressed"],
  ])('refuses a BMP of %i bits and kind %i', (bits, kind, message) => {
    const bmp = Buffer.from(samples.find(({ name }) => name.endsWith('.bmp'))!.bytes);
    bmp.writeUInt16LE(bits, 28);
    bmp.writeUInt32LE(kind, 30);
    expect(() => inspectImage(bmp, 'e.bmp', limits)).toThrow(message);
  });

  it.each([
    [{ compression: 'jpeg' }, 'it is compressed with JPEG; save it with'],
    [{ compression: 'lzw', tile: true }, 'it is made of tiles; save it'],
  ] as const)('refuses a TIFF that the engine has no decoder for: %j', async (options, reason) => {
    const image = sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } });
    const tiff = await image.tiff(options).toBuffer();
    expect(() => inspectImage(tiff, 'f.tif', limits)).toThrow(
      `f.tif: TIFF image of a kind that can't be read: ${reason}`,
    );
  });

  it('refuses a TIFF whose directories share their values before it has read them all', () => {
    expect(() => inspectImage(sharingTiff(1_000_000, 2000), 'g.tif', limits)).toThrow(
      'g.tif: damaged TIFF image: its directories overlap',
    );
  });
});

/** A TIFF of many directories, all of which name the same many strips as theirs. */
function sharingTiff(strips: number, directories: number): Buffer {
  const entries = [
    [256, 1, 100],
    [257, 1, 100],
    [273, strips, 8],
  ];
  const size = 2 + 12 * entries.length + 4;
  const start = 8 + 4 * strips;
  const tiff = Buffer.alloc(start + size * directories);
  tiff.write('II*', 'latin1');
  tiff.writeUInt32LE(start, 4);
  for (let at = start; at < tiff.length; at += size) {
    tiff.writeUInt16LE(entries.length, at);
    for (const [i, [tag = 0, count = 0, value = 0]] of entries.entries()) {
      const entry = at + 2 + 12 * i;
      tiff.writeUInt16LE(tag, entry);
      tiff.writeUInt16LE(4, entry + 2);
      tiff.writeUInt32LE(count, entry + 4);
      tiff.writeUInt32LE(value, entry + 8);
    }
    tiff.writeUInt32LE(at + size, at + size - 4);
  }
  return tiff;
}

describe('a page of a deflated TIFF', () => {
  it('gets a file of its own: its pixels, and nothing of the other pages', async () => {
    const image = sharp(await topOf('lab-report.png', 60)).toColourspace('srgb');
    const tiff = await image.tiff({ compression: 'deflate', predictor: 'horizontal' }).toBuffer();
    const bytes = Buffer.concat([tiff, Buffer.alloc(1_000_000)]);
    const pages = readTiffPages(bytes, 1) as TiffPage[];
    const alone = selectTiffPage(bytes, pages[0]!, { name: 'x', maxPixels: 1e6 });
    const pixels = await image.raw().toBuffer();
    expect(await sharp(alone).raw().toBuffer()).toEqual(pixels);
    expect(alone.length).toBeLessThan(pixels.length + 1000);
  });
});
