import { createRequire } from 'node:module';
import { join } from 'node:path';
import { relaxedSimd, simd } from 'wasm-feature-detect';
import { packageRoot } from '../../config/package-root.js';

/** What is used of Tesseract's C++ interface: see baseapi.h, pageiterator.h and renderer.h there. */
export interface TesseractApi {
  Version(): string;
  /** @returns -1 when the languages can't be loaded. */
  Init(folder: null, languages: string, engineMode: number): number;
  SetVariable(name: string, value: string): boolean;
  /** Takes the image at /input. @param orientation as in EXIF. @returns 1 when it can't be decoded. */
  SetImageFile(orientation: number, radians: number): number;
  /** The image that it holds: not a copy. */
  GetInputImage(): Picture;
  SetSourceResolution(dpi: number): void;
  GetSourceYResolution(): number;
  AnalyseLayout(): LayoutIterator;
  GetGradient(): number;
  Recognize(monitor: null): number;
  GetTSVText(page: number): string;
  /** Lets go of the image, and of what was made of it. */
  Clear(): void;
  End(): void;
}

/** Leptonica's picture: rows of 32-bit words, the first pixel in a word's highest bits; colour as RGB0. */
export interface Picture {
  get_w(): number;
  get_h(): number;
  /** Bits of a pixel: 1, 8 or 32 once the engine holds it. In one of 1 bit, 1 is black. */
  get_d(): number;
  /** Words of a row. */
  get_wpl(): number;
  /** Address of the first word. */
  get_data(): number;
}

export interface LayoutIterator {
  Empty(level: number): boolean;
  /** Back to the first element. */
  Begin(): void;
  Next(level: number): boolean;
  /** @returns whether there is one; its ends' x and y are written to the addresses. */
  Baseline(level: number, x1: number, y1: number, x2: number, y2: number): boolean;
  Orientation(orientation: number, direction: number, order: number, deskew: number): void;
}

interface PdfRenderer {
  BeginDocument(title: string): boolean;
  AddImage(api: TesseractApi): boolean;
  EndDocument(): boolean;
}

/** Tesseract and Leptonica as WebAssembly. */
export interface TesseractCore {
  TessBaseAPI: new () => TesseractApi;
  TessPDFRenderer: new (path: string, fontFolder: string, textOnly: boolean) => PdfRenderer;
  FS: {
    writeFile(path: string, bytes: Uint8Array): void;
    readFile(path: string): Uint8Array;
    unlink(path: string): void;
  };
  _malloc(bytes: number): number;
  _free(address: number): void;
  getValue(address: number, type: 'i32'): number;
  destroy(object: unknown): void;
}

type CoreFactory = (options: {
  print(line: string): void;
  printErr(line: string): void;
}) => Promise<TesseractCore>;

/**
 * Loads the fastest build that this Node can run; without the legacy engine, which reads worse.
 * @param print told what the core has to say.
 */
export async function loadTesseractCore(print: (line: string) => void): Promise<TesseractCore> {
  const speed = (await relaxedSimd()) ? '-relaxedsimd' : (await simd()) ? '-simd' : '';
  const require = createRequire(join(packageRoot(), 'package.json'));
  const factory = require(`tesseract.js-core/tesseract-core${speed}-lstm.js`) as CoreFactory;
  return await factory({ print, printErr: print });
}
