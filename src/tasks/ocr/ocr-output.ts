import { documentKeys } from '../../documents/document-store.js';
import { joinPdfs } from '../../documents/pdf-join.js';
import { DswError } from '../../errors.js';
import type { SystemContext } from '../system-task.js';
import type { Translation } from '../translate/translate-stored.js';
import type { OcrInput } from './ocr-input.js';
import { OUTPUT_FILES, type OutputFormat } from './output-formats.js';
import { PAGE_WRITERS } from './outputs.js';
import { meanConfidence, textOf, type PageReading } from './page-reading.js';
import type { PageShelf } from './page-shelf.js';

/** What an `ocr` job leaves in its record; what was read lies in the document store. */
export interface OcrResult {
  pages: number;
  /** Of them, those that an interrupted try had read. */
  pagesKept: number;
  /** Mean over the pages, 0–100. */
  meanConfidence: number;
  /** Of each page, in their order. */
  pageConfidence: number[];
  /** Numbers of the pages that had better be looked at. */
  lowPages: number[];
  characters: number;
  /** Where the text lies in the store: what other tasks go on with. */
  textKey: string;
  /** Where the outputs lie that were asked for beside it. */
  outputs: Partial<Record<Exclude<OutputFormat, 'text'>, string>>;
  /** When one was asked for. */
  translation?: Translation;
}

/** The record as it is kept beside the outputs: a job that ran twice needs no second reading. */
const RESULT_FILE = 'result.json';

/** The outputs of one document, growing page by page. */
export class OcrOutput {
  readonly #input: OcrInput;
  readonly #context: SystemContext;
  readonly #written = new Map<Exclude<OutputFormat, 'pdf'>, string[]>();
  readonly #confidence: number[] = [];
  #characters = 0;
  #kept = 0;

  constructor(input: OcrInput, context: SystemContext) {
    this.#input = input;
    this.#context = context;
    for (const format of new Set(['text' as const, ...input.formats]))
      if (format !== 'pdf') this.#written.set(format, [PAGE_WRITERS[format].head]);
  }

  /** What the job left when it ended once before. */
  async earlier(): Promise<OcrResult | undefined> {
    try {
      const bytes = await this.#context.documents.get(this.#key(RESULT_FILE));
      return JSON.parse(bytes.toString('utf8')) as OcrResult;
    } catch (error) {
      if (error instanceof DswError && error.code === 'refused') return undefined;
      throw error;
    }
  }

  /** Adds the next page. @param origin whether it was read now, or by an earlier try. */
  add(reading: PageReading, origin: 'fresh' | 'kept'): void {
    if (origin === 'kept') this.#kept += 1;
    this.#confidence.push(Math.round(meanConfidence(reading) * 10) / 10);
    this.#characters += textOf(reading).length;
    for (const [format, parts] of this.#written)
      parts.push(PAGE_WRITERS[format].page(reading, this.#confidence.length));
  }

  /** Stores the outputs. */
  async write(shelf: PageShelf): Promise<OcrResult> {
    const pages = this.#confidence.length;
    const outputs: OcrResult['outputs'] = {};
    const put = async (format: OutputFormat, bytes: Buffer): Promise<void> => {
      const key = this.#key(OUTPUT_FILES[format]);
      await this.#context.documents.put(key, bytes);
      if (format !== 'text') outputs[format] = key;
    };
    for (const [format, parts] of this.#written)
      await put(format, Buffer.from(parts.join('') + PAGE_WRITERS[format].foot));
    if (this.#input.formats.includes('pdf')) await put('pdf', await joinPdfs(shelf.pdfs(pages)));
    const { lowConfidence } = this.#context.settings.ocr;
    const result = {
      pages,
      // On the shelf of one that was split lie also those that its parts have read.
      pagesKept: this.#context.parts?.kept ?? this.#kept,
      meanConfidence: this.#confidence.reduce((sum, value) => sum + value, 0) / pages,
      pageConfidence: this.#confidence,
      lowPages: this.#confidence.flatMap((value, i) => (value < lowConfidence ? [i + 1] : [])),
      characters: this.#characters,
      textKey: this.#key(OUTPUT_FILES.text),
      outputs,
    };
    await this.#context.documents.put(this.#key(RESULT_FILE), Buffer.from(JSON.stringify(result)));
    return result;
  }

  #key(name: string): string {
    return documentKeys.result(this.#input.documentId, this.#context.jobId, name);
  }
}
