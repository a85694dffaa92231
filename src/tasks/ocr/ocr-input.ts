import * as z from 'zod';
import { MAX_DPI, MIN_DPI } from '../../config/ocr-bounds.js';
import { OUTPUT_FORMATS } from './output-formats.js';

/** What an `ocr` job is told. */
export const ocrInput = z.strictObject({
  documentId: z.string().min(1),
  /** Such as "eng" or "eng+deu". */
  languages: z.string().min(1).default('eng'),
  /** Language that the text is to be translated into. */
  translateTo: z.string().min(2).optional(),
  /** What to make beside the text. */
  formats: z.array(z.enum(OUTPUT_FORMATS)).default(['text']),
  /** Resolution for PDF pages that have no text; else the worker's setting. */
  dpi: z.int().min(MIN_DPI).max(MAX_DPI).optional(),
  /** Whether its pages are read as jobs of their own; else the worker's setting. */
  splitPages: z.boolean().optional(),
  /** Folder with traineddata files on the worker's machine; else the worker's setting. */
  langPath: z.string().min(1).optional(),
});

export type OcrInput = z.infer<typeof ocrInput>;

/** What an `ocr_pages` job is told: a part of an `ocr` job. */
export const pagesInput = ocrInput.omit({ translateTo: true, splitPages: true }).extend({
  /** The job that it is a part of. */
  jobId: z.string().min(1),
  /** Numbers of the pages to read, from 1. */
  pages: z.array(z.int().min(1)).min(1),
});

export type PagesInput = z.infer<typeof pagesInput>;
