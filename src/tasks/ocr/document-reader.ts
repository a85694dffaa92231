import { documentKeys } from '../../documents/document-store.js';
import { UnrecoverableError } from '../contract.js';
import type { SystemContext } from '../system-task.js';
import { OcrEngine, type EnginePage } from './engine.js';
import type { OcrInput } from './ocr-input.js';
import { openPages, type PageSource } from './page-source.js';

let engine: Promise<OcrEngine> | undefined;

/** The one engine of this thread. */
export function sharedEngine(): Promise<OcrEngine> {
  engine ??= OcrEngine.load();
  return engine;
}

/** What there is to know of a document to read its pages. */
type ReaderInput = Pick<OcrInput, 'documentId' | 'languages' | 'formats' | 'dpi' | 'langPath'>;

/** Reads pages of one document, one at a time. */
export class DocumentReader {
  readonly #context: SystemContext;
  readonly #input: ReaderInput;
  readonly #pages: PageSource;
  readonly #ocr: OcrEngine;

  private constructor(
    context: SystemContext,
    input: ReaderInput,
    pages: PageSource,
    ocr: OcrEngine,
  ) {
    this.#context = context;
    this.#input = input;
    this.#pages = pages;
    this.#ocr = ocr;
  }

  /**
   * @throws DswError `refused` when the document is unusable or beyond a limit.
   * @throws UnrecoverableError when there is no data for a language.
   */
  static async open(input: ReaderInput, context: SystemContext): Promise<DocumentReader> {
    const { ocr: settings } = context.settings;
    const ocr = await sharedEngine();
    const langPath = input.langPath ?? settings.langPath;
    await ocr.use(input.languages, { model: settings.model, langPath });
    const bytes = await getSource(input.documentId, context);
    const pages = await openPages(bytes, input.dpi ?? settings.dpi, context.settings);
    return new DocumentReader(context, input, pages, ocr);
  }

  get pageCount(): number {
    return this.#pages.count;
  }

  /**
   * @param number from 1.
   * @throws what is wrong with the page, naming it.
   * @throws the signal's reason when the job has to make way.
   */
  async read(number: number): Promise<EnginePage> {
    this.#context.signal.throwIfAborted();
    const { secondsPerPage } = this.#context.settings.limits;
    this.#context.progress(`page ${number}/${this.pageCount}`, {
      seconds: secondsPerPage,
      otherwise: `page ${number} took longer than limits.secondsPerPage (${secondsPerPage} s)`,
    });
    try {
      return await this.#readPage(number);
    } catch (error) {
      if (error instanceof Error && this.pageCount > 1 && !/\bpage \d/.test(error.message))
        error.message = `page ${number}: ${error.message}`;
      throw error;
    }
  }

  async #readPage(number: number): Promise<EnginePage> {
    const withPdf = this.#input.formats.includes('pdf');
    const page = this.#pages.page(number);
    if (page.kind === 'image') return this.#ocr.read(page.image, withPdf);
    return withPdf ? { reading: page.reading, pdf: await page.pdf() } : { reading: page.reading };
  }

  close(): void {
    this.#pages.close();
  }
}

/** Looks at the size before it takes memory: who submitted it may have had other limits. */
async function getSource(documentId: string, context: SystemContext): Promise<Buffer> {
  const { documents, settings } = context;
  const key = documentKeys.source(documentId);
  const { maxBytes } = settings.limits;
  for await (const { bytes } of documents.list(key)) {
    if (bytes > maxBytes)
      throw new UnrecoverableError(
        `the document: ${bytes} bytes are beyond limits.maxBytes (${maxBytes})`,
      );
  }
  return await documents.get(key);
}
