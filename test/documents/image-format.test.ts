import { describe, expect, it } from 'vitest';
import { readSamples } from '../../src/app/samples.js';
import { inspectImage } from '../../src/documents/image-format.js';
import { taskSettingsFrom } from '../support/task-settings.js';

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
});
