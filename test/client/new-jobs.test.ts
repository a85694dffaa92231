import { expect, it } from 'vitest';
import { checkOptions } from '../../src/client/new-jobs.js';
import type { SubmitOptions } from '../../src/client/submission.js';

const good: SubmitOptions = { queue: 'default', task: 'ocr', languages: 'eng+deu' };

function refusalOf(options: Record<string, unknown>, documents = 1): string {
  try {
    checkOptions({ ...good, ...options }, documents);
  } catch (error) {
    expect(error).toMatchObject({ code: 'usage' });
    return (error as Error).message;
  }
  return 'none';
}

it.each<[Record<string, unknown>, string]>([
  [{}, 'none'],
  [{ translateTo: 'es', key: 'k', delaySeconds: 0.5, priority: 3, webhook: 'https://h/x' }, 'none'],
  [{ task: 'own', languages: '' }, 'none'],
  [
    { queue: 'urgent' },
    'queue: expected one of high_priority, default, low_priority, maintenance, got "urgent"',
  ],
  [{ task: ' ' }, 'task: expected a name, got " "'],
  [{ languages: 'eng+' }, 'languages: expected codes such as eng or eng+deu, got "eng+"'],
  [{ languages: '../deu' }, 'languages: expected codes such as eng or eng+deu, got "../deu"'],
  [{ translateTo: 'x' }, 'translation: expected a language such as es or spa, got "x"'],
  [
    { translateTo: 'es', task: 'own' },
    'translation: expected the task "ocr" to go with it, got "own"',
  ],
  [
    { splitPages: true, task: 'own' },
    'splitPages: expected the task "ocr" to go with it, got "own"',
  ],
  [
    { webhook: 'ftp://h' },
    'webhook: expected an http:// or https:// address without user and password, got "ftp://h"',
  ],
  [
    { webhook: 'https://me:secret@h/x' },
    'webhook: expected an http:// or https:// address without user and password, got "https://***@h/x"',
  ],
  [{ key: '' }, 'key: expected some text, got ""'],
  [{ delaySeconds: NaN }, 'delaySeconds: expected 0 to 31622400, got NaN'],
  [{ delaySeconds: -1 }, 'delaySeconds: expected 0 to 31622400, got -1'],
  [{ priority: 1.5 }, 'priority: expected a whole number from 0 to 2097151, got 1.5'],
  [{ priority: 2097152 }, 'priority: expected a whole number from 0 to 2097151, got 2097152'],
])('%j: %s', (options, message) => {
  expect(refusalOf(options)).toBe(message);
});

it('takes one document for one key', () => {
  expect(refusalOf({ key: 'k' }, 2)).toBe('key: expected one document, got 2');
});
