import { documentKeys, defineTask, UnrecoverableError } from 'dsw/tasks';
import * as z from 'zod';

/** Counts the words of a text document, and keeps the most frequent in the store. */
export const wordCount = defineTask({
  name: 'word_count',
  input: z.object({
    documentId: z.string(),
    top: z.int().min(1).max(100).default(3),
  }),
  retry: { attempts: 5, backoffSeconds: 1 },
  softLimitSeconds: 10,
  hardLimitSeconds: 30,
  async run({ documentId, top }, { documents, jobId, log, progress, signal }) {
    const text = (await documents.get(documentKeys.source(documentId))).toString('utf8');
    const words = text.toLowerCase().match(/\p{L}+/gu);
    // Trying again can't help: the job is a dead letter at once.
    if (!words) throw new UnrecoverableError('the document holds no words');
    progress(`${words.length} words`);
    const counts = new Map<string, number>();
    for (const word of words) {
      signal.throwIfAborted();
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    const ranked = [...counts].sort(([, a], [, b]) => b - a).slice(0, top);
    const textKey = documentKeys.result(documentId, jobId, 'text.txt');
    await documents.put(textKey, Buffer.from(ranked.map(([word, n]) => `${n} ${word}\n`).join('')));
    log.info('counted', { words: words.length, different: counts.size });
    return { words: words.length, different: counts.size, textKey };
  },
});
