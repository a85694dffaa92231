import * as z from 'zod';
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
  dpi: z.int().min(50).max(1200).optional(),
  /** Folder with traineddata files on the worker's machine; else the worker's setting. */
  langPath: z.string().min(1).optional(),
});

export type OcrInput = z.infer<typeof ocrInput>;
