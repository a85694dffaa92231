import * as z from 'zod';
import { defineSystemTask } from '../system-task.js';
import { openTranslator, translateStored, type Translation } from './translate-stored.js';

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
  async run({ documentId, textKey, from, to }, context): Promise<Translation> {
    const translator = openTranslator(from, to, context);
    return await translateStored({ documentId, textKey }, translator, context);
  },
});
