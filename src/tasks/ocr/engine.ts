import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { packageRoot } from '../../config/package-root.js';
import { SpoiledSlotError, UnrecoverableError } from '../contract.js';
import { readLanguages } from './language-data.js';

/** What the engine read of one page. */
export interface PageReading {
  text: string;
  /** Mean confidence over the words, 0–100. */
  confidence: number;
}

interface Packet {
  workerId: string;
  jobId: string;
  action: 'load' | 'loadLanguage' | 'initialize' | 'recognize';
  payload: unknown;
}

interface Reply {
  status: 'resolve' | 'reject' | 'progress';
  data: unknown;
}

type Core = (options: object) => Promise<unknown>;

/** The part of tesseract.js that normally runs in a thread of its own. */
interface WorkerScript {
  setAdapter(adapter: object): void;
  dispatchHandlers(packet: Packet, send: (reply: Reply) => void): void;
}

const PAGE_SEGMENTATION_AUTO = '3';
const LSTM_ONLY = 1;

/**
 * Tesseract in the calling thread. tesseract.js would start a thread of its own; a slot is one
 * already, and a nested one costs a fifth more memory and a copy of every page.
 */
export class OcrEngine {
  readonly #script: WorkerScript;
  #languages = '';
  #printed: string[] = [];

  private constructor(script: WorkerScript) {
    this.#script = script;
  }

  /** Loads the WebAssembly core. One engine a thread: the core keeps its state in the module. */
  static async load(): Promise<OcrEngine> {
    const require = createRequire(join(packageRoot(), 'package.json'));
    const script = require('tesseract.js/src/worker-script/index.js') as WorkerScript;
    const getCore = require('tesseract.js/src/worker-script/node/getCore.js') as (
      ...args: unknown[]
    ) => Promise<Core>;
    const engine = new OcrEngine(script);
    const note = (line: string): number => engine.#printed.push(line);
    script.setAdapter({
      // What the core prints belongs in an error message, not on the worker's terminal.
      getCore: async (...args: unknown[]) => {
        const core = await getCore(...args);
        return (options: object) => core({ ...options, print: note, printErr: note });
      },
      gunzip: gunzipSync,
    });
    // On Node this is compared with engine modes: `true` would load the core that also holds Legacy.
    await engine.#call('load', { options: { lstmOnly: LSTM_ONLY, logging: false } });
    return engine;
  }

  /** Makes the engine ready to read `languages`, such as "eng+deu". */
  async use(languages: string): Promise<void> {
    if (languages === this.#languages) return;
    const langs = await readLanguages(languages);
    await this.#call('loadLanguage', { langs, options: { cacheMethod: 'none', lstmOnly: true } });
    await this.#call('initialize', { langs: languages, oem: LSTM_ONLY });
    this.#languages = languages;
  }

  /**
   * Reads one page image.
   * @throws UnrecoverableError when the engine can't decode it.
   * @throws SpoiledSlotError when the WebAssembly core crashed: it can't be used again.
   */
  async recognize(image: Uint8Array): Promise<PageReading> {
    this.#printed = [];
    const reply = await this.#call('recognize', {
      image,
      options: { tessedit_pageseg_mode: PAGE_SEGMENTATION_AUTO },
      output: { text: true },
    });
    const { text, confidence } = reply as PageReading;
    return { text, confidence };
  }

  #call(action: Packet['action'], payload: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#script.dispatchHandlers(
        { workerId: 'slot', jobId: action, action, payload },
        ({ status, data }) => {
          if (status === 'resolve') resolve(data);
          else if (status === 'reject') reject(this.#failure(String(data)));
        },
      );
    });
  }

  #failure(reason: string): Error {
    const detail = this.#printed.find((line) => /error/i.test(line));
    const text = detail === undefined ? reason : `${reason} (${detail.trim()})`;
    // RuntimeError and Aborted are WebAssembly's words; the core's memory is undefined after them.
    if (/RuntimeError|Aborted|memory access/i.test(reason))
      return new SpoiledSlotError(`the OCR engine crashed: ${text}`);
    return new UnrecoverableError(`the OCR engine can't read the image: ${text}`);
  }
}
