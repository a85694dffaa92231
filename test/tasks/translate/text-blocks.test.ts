import { describe, expect, it } from 'vitest';
import { assert, property, string } from 'fast-check';
import {
  splitBlocks,
  splitSentences,
  splitToLimit,
} from '../../../src/tasks/translate/text-blocks.js';

const translatable = (text: string): string[] =>
  splitBlocks(text).flatMap((block) => (block.translate ? [block.text] : []));

describe('splitBlocks', () => {
  it('joins the lines that a scan broke in mid-sentence, and takes back hyphens', () => {
    const text = [
      'Thank you for seeing this pleasant gentleman, who has had pain in his right',
      'knee for six months. He takes ibuprofen 400 mg three times a day with lit-',
      'tle relief.',
    ].join('\n');
    expect(translatable(text)).toEqual([
      'Thank you for seeing this pleasant gentleman, who has had pain in his right knee for six months. He takes ibuprofen 400 mg three times a day with little relief.',
    ]);
  });

  it('joins a sentence over a blank line that its reader saw in it', () => {
    const text =
      'Use both crutches until your therapist says you can\n\nmanage with one.\n\nDiet\n\nlow salt';
    expect(translatable(text)).toEqual([
      'Use both crutches until your therapist says you can manage with one.',
      'Diet',
      'low salt',
    ]);
  });

  it('keeps fields, headings, addresses and list items apart', () => {
    const text = 'Name: Ada Fenn\nDate of birth: 4 May 1961\n12 Mill Lane\n- aspirin\n2. rest';
    expect(translatable(text)).toEqual(text.split('\n'));
  });

  it('keeps blank lines, page breaks, rules and bare numbers as they are', () => {
    const text = 'First page.\n\n-----\n42\n\fSecond page.\n';
    const blocks = splitBlocks(text);
    expect(blocks.map((block) => block.text).join('')).toBe(text);
    expect(translatable(text)).toEqual(['First page.', 'Second page.']);
  });

  it('loses no letter of any text', () => {
    const letters = (text: string): string => text.replaceAll(/[\s-]/g, '');
    assert(
      property(string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const joined = splitBlocks(text)
          .map((block) => block.text)
          .join('');
        expect(letters(joined)).toBe(letters(text));
      }),
    );
  });
});

describe('sentences', () => {
  it('end where they end, not after a title', () => {
    expect(splitSentences('See Dr. Smith at 8. Take 2.5 mg. Rest!', 'en')).toEqual([
      'See Dr. Smith at 8. ',
      'Take 2.5 mg. ',
      'Rest!',
    ]);
  });

  it('fill parts up to a limit, a longer one stays whole', () => {
    const text = 'One two. Three four. Five six seven eight nine ten. End.';
    expect(splitToLimit(text, 22, 'en')).toEqual([
      'One two. Three four. ',
      'Five six seven eight nine ten. ',
      'End.',
    ]);
  });
});
