import { defineSystemTask } from '../system-task.js';
import { DocumentReader, sharedEngine } from './document-reader.js';
import { pagesInput } from './ocr-input.js';
import { PageShelf } from './page-shelf.js';

/** Reads some pages of a document that is split: its `ocr` job finds them on its shelf. */
export const pagesTask = defineSystemTask({
  name: 'ocr_pages',
  input: pagesInput,
  async warmUp({ ocr }) {
    await (await sharedEngine()).use('eng', ocr);
  },
  async run(input, context): Promise<{ pages: number }> {
    const { documentId, jobId, pages } = input;
    const shelf = new PageShelf(context.documents, documentId, jobId);
    const reader = await DocumentReader.open(input, context);
    try {
      for (const page of pages)
        if (!(await shelf.has(page))) await shelf.put(page, await reader.read(page));
    } finally {
      reader.close();
    }
    return { pages: pages.length };
  },
});
