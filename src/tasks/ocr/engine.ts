import { SpoiledSlotError, UnrecoverableError } from '../contract.js';
import { readLanguages, type LanguageFolders } from './language-data.js';
import type { PageReading } from './page-reading.js';
import { loadTesseractCore, type TesseractApi, type TesseractCore } from './tesseract-core.js';
import { readUpright, type PageImage } from './upright.js';

const LSTM_ONLY = 1;
const AUTOMATIC_SEGMENTATION = '3';

/** What the engine makes of a page. */
export interface EnginePage {
  reading: PageReading;
  /** The upright image with the text behind it. */
  pdf?: Buffer;
}

/**
 * Tesseract in the calling thread. tesseract.js would start a thread of its own; a slot is one
 * already, and a nested one costs a fifth more memory and a copy of every page.
 */
export class OcrEngine {
  readonly #core: TesseractCore;
  readonly #printed: string[];
  #api: TesseractApi | undefined;
  #loaded = '';

  private constructor(core: TesseractCore, printed: string[]) {
    this.#core = core;
    this.#printed = printed;
  }

  /** Loads the WebAssembly core. */
  static async load(): Promise<OcrEngine> {
    // What the core prints belongs in an error message, not on the worker's terminal.
    const printed: string[] = [];
    return new OcrEngine(await loadTesseractCore((line) => printed.push(line)), printed);
  }

  /**
   * Makes the engine ready to read `languages`, such as "eng+deu".
   * @throws UnrecoverableError when there is no data for one of them, or it can't be used.
   */
  async use(languages: string, folders: LanguageFolders): Promise<void> {
    const wanted = JSON.stringify([languages, folders]);
    if (wanted === this.#loaded) return;
    const data = await readLanguages(languages, folders);
    this.#guarded(() => {
      this.#loaded = '';
      this.#api?.End();
      for (const { code, bytes } of data) this.#core.FS.writeFile(`${code}.traineddata`, bytes);
      this.#api = new this.#core.TessBaseAPI();
      const failed = this.#api.Init(null, languages, LSTM_ONLY) === -1;
      for (const { code } of data) this.#core.FS.unlink(`${code}.traineddata`);
      if (failed)
        throw new UnrecoverableError(`the data of "${languages}" can't be used${this.#said()}`);
      this.#api.SetVariable('tessedit_pageseg_mode', AUTOMATIC_SEGMENTATION);
      this.#loaded = wanted;
    });
  }

  /**
   * Reads one page, put upright first.
   * @param withPdf whether to make a searchable PDF of it too.
   * @throws UnrecoverableError when the engine can't decode the image.
   * @throws SpoiledSlotError when the WebAssembly core crashed: it can't be used again.
   */
  read(image: PageImage, withPdf: boolean): EnginePage {
    const api = this.#api;
    if (!api) throw new Error('the engine has no language yet');
    return this.#guarded(() => {
      this.#core.FS.writeFile('/input', image.bytes);
      const reading = readUpright(this.#core, api, image.dpi, withPdf);
      if (!reading) throw new UnrecoverableError(`the image can't be decoded${this.#said()}`);
      return withPdf ? { reading, pdf: this.#makePdf(api) } : { reading };
    });
  }

  #makePdf(api: TesseractApi): Buffer {
    const renderer = new this.#core.TessPDFRenderer('page', '/', false);
    const made = renderer.BeginDocument('') && renderer.AddImage(api) && renderer.EndDocument();
    this.#core.destroy(renderer);
    if (!made) throw new UnrecoverableError(`no PDF can be made of the page${this.#said()}`);
    const pdf = Buffer.from(this.#core.FS.readFile('/page.pdf'));
    this.#core.FS.unlink('/page.pdf');
    return pdf;
  }

  #guarded<T>(call: () => T): T {
    this.#printed.length = 0;
    try {
      return call();
    } catch (error) {
      if (error instanceof UnrecoverableError) throw error;
      // Anything else comes out of WebAssembly; the core's memory is undefined after it.
      throw new SpoiledSlotError(`the OCR engine crashed: ${String(error)}${this.#said()}`);
    }
  }

  /** What the core printed about an error, to put behind a message. */
  #said(): string {
    const line = this.#printed.find((text) => /error/i.test(text));
    return line === undefined ? '' : ` (${line.trim()})`;
  }
}
