import { openTranslator, translateStored } from '../translate/translate-stored.js';
import { defineSystemTask, Split } from '../system-task.js';
import { DocumentReader, sharedEngine } from './document-reader.js';
import { ocrInput, type OcrInput } from './ocr-input.js';
import { OcrOutput, type OcrResult } from './ocr-output.js';
import { PageShelf } from './page-shelf.js';
import { splitPages } from './split-pages.js';
import type { SystemContext } from '../system-task.js';

/** Reads the text of a document, page by page or in parts, and translates it. Finished pages outlive the try. */
export const ocrTask = defineSystemTask({
  name: 'ocr',
  input: ocrInput,
  async warmUp({ ocr }) {
    await (await sharedEngine()).use('eng', ocr);
  },
  async run(input, context): Promise<OcrResult | Split> {
    const { documentId, languages, translateTo } = input;
    // First of all: reading is long, and in vain when nothing here translates.
    const translator =
      translateTo && openTranslator(languages.split('+')[0] ?? '', translateTo, context);
    const result = await readDocument(input, context);
    if (!translator || result instanceof Split) return result;
    const { textKey } = result;
    const translation = await translateStored({ documentId, textKey }, translator, context);
    return { ...result, translation };
  },
});

async function readDocument(input: OcrInput, context: SystemContext): Promise<OcrResult | Split> {
  const output = new OcrOutput(input, context);
  const earlier = await output.earlier();
  if (earlier) return earlier;
  const shelf = new PageShelf(context.documents, input.documentId, context.jobId);
  const reader = await DocumentReader.open(input, context);
  try {
    if (!context.parts && (input.splitPages ?? context.settings.ocr.splitPages)) {
      const missing = await shelf.missing(reader.pageCount);
      if (missing.length > 1) return splitPages(input, context, missing, reader.pageCount);
    }
    for (let page = 1; page <= reader.pageCount; page++) {
      const kept = await shelf.get(page);
      if (kept) output.add(kept, 'kept');
      else {
        const fresh = await reader.read(page);
        await shelf.put(page, fresh);
        output.add(fresh.reading, 'fresh');
      }
    }
  } finally {
    reader.close();
  }
  const result = await output.write(shelf);
  await shelf.clear();
  return result;
}
