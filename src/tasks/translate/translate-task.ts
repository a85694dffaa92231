import * as z from 'zod';
import { documentKeys } from '../../documents/document-store.js';
import { defineSystemTask } from '../system-task.js';
import { chooseEngine } from './choose-engine.js';
import type { EngineName } from './engine.js';
import { languageTag } from './languages.js';
import { translateText } from './translate-text.js';

/** What a `translate` job leaves in its record; the text itself lies in the document store. */
export interface TranslateResult {
  engine: EngineName;
  /** As BCP 47 tags. */
  from: string;
  to: string;
  characters: number;
  paragraphs: number;
  /** Paragraphs, counted from 1, that stay in the original: a number of them was lost. */
  keptOriginal: number[];
  /** Paragraphs to look at: a name or code of the original is missing. */
  flagged: number[];
  textKey: string;
}

/** Translates a text that lies in the document store: what `ocr` has read of a document. */
export const translateTask = defineSystemTask({
  name: 'translate',
  input: z.strictObject({
    documentId: z.string().min(1),
    /** Where the text lies. */
    textKey: z.string().min(1),
    from: z.string().min(2),
    to: z.string().min(2),
  }),
  async run({ documentId, textKey, from, to }, context): Promise<TranslateResult> {
    const direction = { from: languageTag(from), to: languageTag(to) };
    const { documents, programs, settings, signal } = context;
    const engine = chooseEngine(settings.translation, direction, programs);
    const original = (await documents.get(textKey)).toString();
    const { text, ...counts } = await translateText(engine, original, direction, {
      signal,
      onProgress: (done, of) => context.progress(`paragraph ${done}/${of}`),
    });
    const translatedKey = documentKeys.result(
      documentId,
      context.jobId,
      `text.${direction.to}.txt`,
    );
    await documents.put(translatedKey, Buffer.from(text));
    return {
      engine: engine.name,
      ...direction,
      characters: text.length,
      ...counts,
      textKey: translatedKey,
    };
  },
});
