import type { JobPart } from '../../queues/job-parts.js';
import { Split, type SystemContext } from '../system-task.js';
import type { OcrInput, PagesInput } from './ocr-input.js';

/**
 * Each part fetches and opens the document anew. So many at most keep enough slots busy, and what
 * that costs a long document in proportion to its length.
 */
const MAX_PARTS = 64;

/**
 * Has pages read as jobs of their own.
 * @param missing numbers of the pages that are still to be read.
 * @param total pages of the document.
 */
export function splitPages(
  input: OcrInput,
  { jobId }: SystemContext,
  missing: readonly number[],
  total: number,
): Split {
  const { documentId, languages, formats, dpi, langPath } = input;
  const size = Math.ceil(missing.length / MAX_PARTS);
  const parts: JobPart[] = [];
  for (let at = 0; at < missing.length; at += size) {
    const pages = missing.slice(at, at + size);
    const part = { documentId, languages, formats, dpi, langPath, jobId, pages };
    parts.push({
      task: 'ocr_pages',
      input: part satisfies PagesInput,
      name: nameOf(pages),
      units: pages.length,
    });
  }
  return new Split({ parts, kept: total - missing.length, total, unit: 'pages' });
}

function nameOf(pages: readonly number[]): string {
  const [first, last] = [pages[0], pages.at(-1)];
  return first === last ? `page ${first}` : `pages ${first}–${last}`;
}
