import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodePayload } from '../../src/queues/job-payload.js';
import type { OcrResult } from '../../src/tasks/ocr/ocr-output.js';
import sharp from 'sharp';
import { badContents, badStructures, oddDocuments } from '../fixtures/bad-documents.js';
import { DocumentSlot } from '../support/document-slot.js';
import { newTally, seedlings, torture } from '../support/document-torture.js';
import { pdfOf, scanOf, tiffOf, topOf, turned } from '../support/pages.js';
import { characterErrorRate, sampleBytes, sampleTruth } from '../support/samples.js';

// Clean pages must be read almost perfectly; worn ones as well as their wear allows. The limits
// leave room for another machine's rounding, not for another page segmentation: that costs tens.
const LIMITS: [sample: string, errorRate: number][] = [
  ['referral-letter.png', 0.015],
  ['lab-report.png', 0.015],
  ['patient-leaflet.png', 0.01],
  ['appointment-letter.png', 0.02],
  ['discharge-summary.png', 0.05],
  ['copied-reply.jpg', 0.03],
  ['prescription-note.jpg', 0.05],
  ['invoice-photo.jpg', 0.06],
  ['registration-form.webp', 0.04],
  ['reminder-slip.bmp', 0.06],
];

const slot = new DocumentSlot();
const { store } = slot;

/** What stands in the upper part of one sample. */
const HEADING: unknown = expect.stringMatching(
  /^Thornmere Pathology Laboratory\s+Clinical Biochemistry/,
);

beforeAll(() => slot.slot.start());
afterAll(() => slot.stop());

/** Reads a document that must be readable. @returns the job's result, and the text of each page. */
async function read(
  bytes: Buffer,
  formats: string[] = ['text'],
): Promise<{ result: OcrResult; pages: string[] }> {
  const reply = await slot.ocr(bytes, { formats });
  expect(reply).toMatchObject({ outcome: 'completed' });
  const result = JSON.parse((reply as { value: string }).value) as OcrResult;
  return { result, pages: (await store.get(result.textKey)).toString().split('\f') };
}

describe('the ocr task in a slot', () => {
  it.each(LIMITS)('reads %s with at most %f wrong characters', async (sample, limit) => {
    const reply = await slot.ocr(sampleBytes(sample));
    expect(reply.outcome).toBe('completed');
    const result = JSON.parse((reply as { value: string }).value) as OcrResult;
    const text = (await store.get(result.textKey)).toString();
    expect(characterErrorRate(text, sampleTruth(sample))).toBeLessThan(limit);
    expect(result).toMatchObject({ pages: 1, characters: text.length });
    expect(result.meanConfidence).toBeGreaterThan(75);
  });

  it('takes the text of PDF pages that have it, draws and reads the others', async () => {
    const lines = ['Dear colleague,', 'please give Mr Smith 5 mg a day.'];
    const scan = await scanOf(await topOf('lab-report.png'));
    const pdf = pdfOf([{ text: lines }, { scan }, { scan, degrees: 90 }]);
    const { result, pages } = await read(pdf, ['text', 'hocr', 'tsv', 'pdf']);
    expect(pages[0]).toBe(`${lines.join('\n')}\n`);
    expect(pages.slice(1)).toEqual([HEADING, HEADING]);
    expect(result).toMatchObject({ pages: 3, lowPages: [] });
    expect(result.pageConfidence[0]).toBe(100);
    const output = async (format: 'hocr' | 'tsv' | 'pdf') =>
      await store.get(result.outputs[format]!);
    const hocr = (await output('hocr')).toString();
    expect(hocr.match(/class="ocr_page"/g)).toHaveLength(3);
    expect(hocr).toContain('>Smith</span>');
    const rows = (await output('tsv')).toString().trimEnd().split('\n');
    expect(rows.filter((row) => row.startsWith('1\t'))).toHaveLength(3);
    expect(rows.every((row) => row.split('\t').length === 12)).toBe(true);
    // Read again, the searchable PDF gives its own text.
    const again = await read(await output('pdf'));
    expect(again.result.pageConfidence).toEqual([100, 100, 100]);
    expect(again.pages).toEqual([pages[0], HEADING, HEADING]);
  });

  it('reads every page of a TIFF, and flags those that it is not sure of', async () => {
    const clear = await topOf('lab-report.png');
    const { result, pages } = await read(
      await tiffOf([clear, await sharp(clear).blur(5).toBuffer()]),
    );
    expect(pages).toEqual([HEADING, expect.not.stringMatching(/^$/)]);
    expect(result).toMatchObject({ pages: 2, lowPages: [2] });
    expect(result.pageConfidence[1]).toBeLessThan(70);
  });

  it.each([
    ['none', 'srgb'],
    ['horizontal', 'srgb'],
    ['horizontal', 'rgb16'],
  ] as const)('reads a deflated TIFF, predictor %s, %s', async (predictor, space) => {
    const image = sharp(await topOf('lab-report.png', 150)).toColourspace(space);
    const { pages } = await read(
      await image.tiff({ compression: 'deflate', predictor }).toBuffer(),
    );
    expect(pages).toEqual(['Thornmere Pathology Laboratory\n']);
  });

  it.each([90, 180, 4])('puts a page upright that lies turned by %i°', async (degrees) => {
    const { result, pages } = await read(await turned(await topOf('lab-report.png'), degrees));
    expect(pages).toEqual([HEADING]);
    expect(result.lowPages).toEqual([]);
  });

  it('flags a page that bears ink but no word; an empty one is fine', async () => {
    const paper = sharp({
      create: { width: 620, height: 877, channels: 3, background: '#f4f1e8' },
    });
    const empty = await paper.png().toBuffer();
    const stroke = Buffer.from(
      '<svg width="620" height="877"><path d="M90 400 C 150 250 300 650 420 380 S 500 300 540 470"' +
        ' fill="none" stroke="#223a8a" stroke-width="5"/></svg>',
    );
    const signed = await paper
      .composite([{ input: stroke }])
      .png()
      .toBuffer();
    const { result, pages } = await read(await tiffOf([empty, signed]));
    expect(pages).toEqual(['', '']);
    expect(result).toMatchObject({ pageConfidence: [100, 0], lowPages: [2] });
    expect((await read(signed)).result).toMatchObject({ lowPages: [1] });
  });

  it('reads faint text on grey paper beside white, which one threshold for all blackens', async () => {
    const { pages } = await read(
      await sharp(sampleBytes('prescription-note.jpg'))
        .extract({ left: 0, top: 0, width: 962, height: 323 })
        .extend({ bottom: 200, background: 'white' })
        .png()
        .toBuffer(),
    );
    expect(pages[0]).toMatch(/^PRESCRIPTION NOTE\n/);
  });

  it('refuses what it cannot read, for good, and goes on in the same thread', async () => {
    const bad = [...badContents(), ...(await badStructures()).filter((_, i) => i % 12 === 0)];
    for (const { what, bytes, says } of bad) {
      const reply = await slot.ocr(bytes);
      expect(reply, what).toMatchObject({ outcome: 'failed', moreTries: 'none', spoiled: false });
      expect((reply as { reason: string }).reason, what).toMatch(says);
    }
    for (const { what, bytes } of oddDocuments())
      expect(await slot.ocr(bytes), what).toMatchObject({ outcome: 'completed' });
    expect(slot.slot.jobs).toBe(slot.jobs);
  });

  it('answers damaged documents with their text or one line', async () => {
    const tally = newTally();
    const seeds = await seedlings();
    for (let number = 0; number < 20; number++)
      await torture(slot, seeds, { seed: 1, number, tally });
    expect(tally.read + tally.refused).toBe(20);
    expect(Math.min(tally.read, tally.refused)).toBeGreaterThan(2);
  });

  it('names the package of a language that is not there', async () => {
    const reply = await slot.ocr(sampleBytes('reminder-slip.bmp'), { languages: 'eng+xyz' });
    expect(reply).toMatchObject({ outcome: 'failed', moreTries: 'none' });
    expect((reply as { reason: string }).reason).toBe(
      `no data for language "xyz": npm install @tesseract.js-data/xyz in ${process.cwd()}, ` +
        'or put xyz.traineddata there or in --lang-path',
    );
  });

  it('dead-letters an input that fails the schema, naming the field', async () => {
    const data = JSON.stringify(encodePayload({ input: { documentId: 7 } }));
    const reply = await slot.run({ id: 'j', task: 'ocr', data, attempt: 1 });
    expect(reply).toMatchObject({ outcome: 'failed', moreTries: 'none' });
    expect((reply as { reason: string }).reason).toMatch(/^input\.documentId: /);
  });

  it('names the tasks it knows when asked for another', async () => {
    const data = JSON.stringify(encodePayload({ input: {} }));
    const reply = await slot.run({ id: 'j', task: 'oct', data, attempt: 1 });
    expect((reply as { reason: string }).reason).toMatch(
      /^no task named "oct"; did you mean "ocr"/,
    );
  });
});
