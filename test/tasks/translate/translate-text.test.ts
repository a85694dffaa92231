import { describe, expect, it } from 'vitest';
import type { TranslationEngine } from '../../../src/tasks/translate/engine.js';
import { translateText } from '../../../src/tasks/translate/translate-text.js';

const direction = { from: 'en', to: 'es' };
const options = { signal: new AbortController().signal, onProgress: () => undefined };

/** An engine that translates by a function and notes what it was asked. */
function engine(translate: (text: string, keep?: readonly string[]) => string, canKeep: boolean) {
  const asked: { texts: readonly string[]; keep: readonly string[] | undefined }[] = [];
  const made: TranslationEngine = {
    name: 'openai',
    canKeep,
    describe: () => Promise.reject(new Error('not asked for')),
    translate: (texts, _direction, { keep }) => {
      asked.push({ texts, keep });
      return Promise.resolve(texts.map((text) => translate(text, keep)));
    },
  };
  return { engine: made, asked };
}

describe('translateText', () => {
  it('keeps the structure of the page', async () => {
    const { engine: made } = engine((text) => text.toUpperCase(), false);
    const { text, ...counts } = await translateText(
      made,
      'Discharge letter\n\nName: Ada Fenn\n  - rest\n\f42\nBye.\n',
      direction,
      options,
    );
    expect(text).toBe('DISCHARGE LETTER\n\nNAME: ADA FENN\n  - REST\n\f42\nBYE.\n');
    expect(counts).toEqual({ paragraphs: 4, keptOriginal: [], flagged: [] });
  });

  it('points out what was lost, once, and takes the better translation', async () => {
    const { engine: made, asked } = engine(
      (text, keep) => (keep ? `tome ${keep.join(' ')}` : text.replace('5 mg', 'algo')),
      true,
    );
    const result = await translateText(made, 'Rest.\n\ntake 5 mg', direction, options);
    expect(result).toMatchObject({ text: 'Rest.\n\ntome 5 mg', keptOriginal: [], flagged: [] });
    expect(asked).toEqual([
      { texts: ['Rest.', 'take 5 mg'], keep: undefined },
      { texts: ['take 5 mg'], keep: ['5 mg'] },
    ]);
  });

  it('leaves a paragraph in the original when its number stays lost, flags a lost name', async () => {
    const { engine: made } = engine((text) => text.replace(/5 mg|Fenn/, '…'), false);
    const text = 'take 5 mg\n\nsee Dr. Fenn\n\nrest';
    const result = await translateText(made, text, direction, options);
    expect(result).toEqual({
      text: 'take 5 mg\n\nsee Dr. …\n\nrest',
      paragraphs: 3,
      keptOriginal: [1],
      flagged: [2],
    });
  });

  it('sends a long paragraph in parts that end with sentences', async () => {
    const { engine: made, asked } = engine((text) => text, false);
    const text = Array.from({ length: 60 }, (_, i) => `This is sentence number ${i} of many.`).join(
      ' ',
    );
    const result = await translateText(made, text, direction, options);
    expect(result.text).toBe(text);
    expect(asked[0]?.texts).toHaveLength(2);
    expect(asked[0]?.texts[0]).toMatch(/of many\.$/);
  });
});
