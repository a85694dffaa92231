import * as z from 'zod';
import { documentKeys } from '../../documents/document-store.js';
import { inspectImage } from '../../documents/image-format.js';
import { DswError } from '../../errors.js';
import { UnrecoverableError, type TaskContext } from '../contract.js';
import { defineSystemTask } from '../system-task.js';
import {
  openTranslator,
  translateStored,
  type Translation,
} from '../translate/translate-stored.js';
import { OcrEngine } from './engine.js';

/** What an `ocr` job leaves in its record; the text itself lies in the document store. */
export interface OcrResult {
  pages: number;
  /** Mean over the pages, 0–100. */
  meanConfidence: number;
  characters: number;
  textKey: string;
  /** When one was asked for. */
  translation?: Translation;
}

let engine: Promise<OcrEngine> | undefined;

/** The one engine of this thread. */
function sharedEngine(): Promise<OcrEngine> {
  engine ??= OcrEngine.load();
  return engine;
}

/** Reads the text of a scanned document. */
export const ocrTask = defineSystemTask({
  name: 'ocr',
  input: z.strictObject({
    documentId: z.string().min(1),
    languages: z.string().min(1).default('eng'),
    /** Language that the text is to be translated into. */
    translateTo: z.string().min(2).optional(),
  }),
  async warmUp() {
    await (await sharedEngine()).use('eng');
  },
  async run({ documentId, languages, translateTo }, context): Promise<OcrResult> {
    // First of all: reading is long, and in vain when nothing here translates.
    const translator =
      translateTo && openTranslator(languages.split('+')[0] ?? '', translateTo, context);
    const image = await readSource(documentId, context);
    const ocr = await sharedEngine();
    await ocr.use(languages);
    context.progress('page 1/1');
    const page = await ocr.recognize(image);
    const textKey = documentKeys.result(documentId, context.jobId, 'text.txt');
    await context.documents.put(textKey, Buffer.from(page.text));
    const translation = translator
      ? { translation: await translateStored({ documentId, textKey }, translator, context) }
      : {};
    return {
      pages: 1,
      meanConfidence: page.confidence,
      characters: page.text.length,
      textKey,
      ...translation,
    };
  },
});

async function readSource(documentId: string, { documents }: TaskContext): Promise<Buffer> {
  try {
    const bytes = await documents.get(documentKeys.source(documentId));
    inspectImage(bytes, 'the document');
    return bytes;
  } catch (error) {
    if (error instanceof DswError && error.code === 'refused') {
      throw new UnrecoverableError(error.message, { cause: error });
    }
    throw error;
  }
}
