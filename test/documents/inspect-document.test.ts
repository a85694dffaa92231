import { describe, expect, it } from 'vitest';
import { inspectDocument } from '../../src/documents/inspect-document.js';
import { badStructures } from '../fixtures/bad-documents.js';
import { pdfOf, tiffOf, topOf } from '../support/pages.js';
import { taskSettingsFrom } from '../support/task-settings.js';

const structures = await badStructures();
const { limits } = taskSettingsFrom();

describe('inspectDocument', () => {
  it.each(structures)('refuses $what in one line', async ({ bytes, says }) => {
    const refusal = inspectDocument(bytes, 'letter', limits);
    await expect(refusal).rejects.toMatchObject({ code: 'refused' });
    await expect(refusal).rejects.toThrow(says);
    await expect(refusal).rejects.toThrow(/^letter: [^\n]+$/);
  });

  it('counts pages, by content whatever the name', async () => {
    const page = await topOf('lab-report.png', 100);
    const info = (bytes: Buffer) => inspectDocument(bytes, 'a.png', limits);
    const picture = { width: 1240, height: 100, depth: 8 };
    expect(await info(await tiffOf([page, page]))).toMatchObject({
      format: 'tiff',
      pages: 2,
      pictures: [picture, picture],
    });
    expect(await info(pdfOf([{ text: ['a'] }, { text: ['b'] }]))).toEqual({
      format: 'pdf',
      pages: 2,
      pictures: [],
    });
    expect(await info(page)).toEqual({
      format: 'png',
      pages: 1,
      pictures: [{ ...picture, depth: 32 }],
    });
  });

  it('names each limit that a document is beyond', async () => {
    const pdf = pdfOf([{ text: ['a'] }, { text: ['b'] }]);
    const within = (changed: object) => inspectDocument(pdf, 'a.pdf', { ...limits, ...changed });
    await expect(within({ maxBytes: 10 })).rejects.toThrow(
      `a.pdf: ${pdf.length} bytes are beyond limits.maxBytes (10)`,
    );
    await expect(within({ maxPages: 1 })).rejects.toThrow('limits.maxPages (1)');
  });
});
