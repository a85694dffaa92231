import * as z from 'zod';
import { MAX_DPI, MIN_DPI } from './ocr-bounds.js';
import { strictObject } from './strict-object.js';

/** What a document may ask of a worker. More is refused with a line that names the limit. */
export const limitsSettings = strictObject({
  maxBytes: z.int().min(1).default(200_000_000),
  maxPages: z.int().min(1).default(2000),
  maxPixelsPerPage: z.int().min(1).default(100_000_000),
  /** A page that takes longer is given up, with its document. */
  secondsPerPage: z.number().positive().max(86_400).default(180),
}).prefault({});

export type DocumentLimits = z.infer<typeof limitsSettings>;

/** How documents are read, where a job does not say otherwise. */
export const ocrSettings = strictObject({
  /** Resolution (dots per inch) at which PDF pages without text are rendered. */
  dpi: z.int().min(MIN_DPI).max(MAX_DPI).default(200),
  /**
   * Which of the models in a language's npm package is used; or, with a slash, a folder whose
   * traineddata files come before all others.
   */
  model: z.string().min(1).default('4.0.0_best_int'),
  /** Folder with traineddata files, for languages that neither project nor dsw have. */
  langPath: z.string().min(1).optional(),
  /** Whether the pages of a document are read as jobs of their own, in as many slots as are free. */
  splitPages: z.boolean().default(false),
  /** Pages that the engine is less sure of (percent, mean over its words) are flagged. */
  lowConfidence: z.number().min(0).max(100).default(70),
}).prefault({});

export type OcrSettings = z.infer<typeof ocrSettings>;
