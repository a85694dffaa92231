import { describe, expect, it } from 'vitest';
import { openPages } from '../../src/tasks/ocr/page-source.js';
import { pdfOf, pngOf, scanOf, topOf } from '../support/pages.js';
import { taskSettingsFrom } from '../support/task-settings.js';

const within = (slotMemoryMb: number) => taskSettingsFrom({ worker: { slotMemoryMb } });

describe('the memory of a page', () => {
  it.each([
    [{ bits: 8, colourType: 6 }, 4000, '4000 × 4000 pixels in colour takes 415 MB'],
    [{ bits: 16, colourType: 2 }, 4000, '4000 × 4000 pixels in colour takes 415 MB'],
    [{ bits: 8, colourType: 0 }, 6000, '6000 × 6000 pixels takes 373 MB'],
    [{ bits: 1, colourType: 0 }, 10_000, '10000 × 10000 pixels takes 302 MB'],
  ])('bounds a PNG of %j by what a slot may hold', async (kind, side, reason) => {
    const png = pngOf({ width: side, height: side, ...kind });
    await expect(openPages(png, 200, within(300))).rejects.toMatchObject({
      name: 'UnrecoverableError',
      message: `page 1: to read ${reason}, beyond the 300 MB that a slot may hold (--slot-memory-mb)`,
    });
    expect((await openPages(png, 200, within(420))).count).toBe(1);
  });

  it('bounds a PDF page by the resolution that it is drawn in', async () => {
    const pdf = pdfOf([{ scan: await scanOf(await topOf('lab-report.png', 100)) }]);
    const at = async (dpi: number): Promise<unknown> =>
      (await openPages(pdf, dpi, within(200))).page(1);
    expect(await at(200)).toMatchObject({ kind: 'image' });
    await expect(at(600)).rejects.toThrow(
      /^page 1: to read 5100 × 6600 pixels takes 353 MB, beyond/,
    );
  });
});
