import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, describe, expect, it } from 'vitest';
import { describeOcr } from '../../src/tasks/ocr/describe-ocr.js';
import { missingLanguages } from '../../src/tasks/ocr/language-data.js';

const folder = mkdtempSync(`${tmpdir()}/dsw-test-`);
afterAll(() => rmSync(folder, { recursive: true }));

describe('languages', () => {
  const model = '4.0.0_best_int';

  it('lists those that lie in a package, in a folder, or in both, once', async () => {
    writeFileSync(`${folder}/tlh.traineddata`, '');
    writeFileSync(`${folder}/eng.traineddata.gz`, '');
    writeFileSync(`${folder}/osd.txt`, '');
    for (const folders of [{ model, langPath: folder }, { model: `${folder}/` }])
      expect(await describeOcr(folders)).toMatchObject({
        languages: ['eng', 'tlh'],
        version: expect.stringMatching(/^5\./) as unknown,
        problem: undefined,
      });
    expect(missingLanguages('eng+tlh', { model, langPath: folder })).toEqual([]);
  });

  it('leaves out a package that lacks the model', async () => {
    expect(await describeOcr({ model: 'none-such' })).toMatchObject({
      languages: [],
      problem: 'it has no language',
    });
  });
});
