import { DswError } from '../errors.js';
import { imagesOn, type PlacedImage } from './pdf-images.js';
import { guarded, pdfLibrary, withMemory, type PdfLibrary, type Pointer } from './pdf-library.js';

const POINTS_PER_INCH = 72;
/** PDFium's numbers, from fpdfview.h. */
const ERROR_PASSWORD = 4;
const ERROR_SECURITY = 5;
const GRAY_BITMAP = 1;
const RENDER_ANNOTATIONS = 0x01;
const RENDER_GRAYSCALE = 0x08;

/** One character of a page's text layer, in pixels from the page's upper left corner. */
export interface Glyph {
  character: string;
  left: number;
  top: number;
  right: number;
  bottom: number;
  /** Whether the font fails to say which character this is. */
  unknown: boolean;
}

/** An open PDF. Close it: its bytes lie where no garbage collector looks. */
export class PdfFile {
  readonly #pdf: PdfLibrary;
  readonly #name: string;
  readonly #document: Pointer;
  readonly #data: Pointer;
  readonly pageCount: number;

  private constructor(pdf: PdfLibrary, name: string, document: Pointer, data: Pointer) {
    this.#pdf = pdf;
    this.#name = name;
    this.#document = document;
    this.#data = data;
    this.pageCount = guarded(name, () => pdf.FPDF_GetPageCount(document));
  }

  /**
   * @param name what to call the file in a message.
   * @throws DswError `refused` when it is damaged, or opens with a password only.
   */
  static async open(bytes: Uint8Array, name: string): Promise<PdfFile> {
    const pdf = await pdfLibrary();
    return guarded(name, () => {
      const data = pdf.pdfium.wasmExports.malloc(bytes.length);
      pdf.pdfium.HEAPU8.set(bytes, data);
      const document = pdf.FPDF_LoadMemDocument(data, bytes.length, '');
      if (document !== 0) return new PdfFile(pdf, name, document, data);
      pdf.pdfium.wasmExports.free(data);
      const locked = [ERROR_PASSWORD, ERROR_SECURITY].includes(pdf.FPDF_GetLastError());
      throw new DswError(
        'refused',
        locked
          ? `${name}: the PDF is encrypted; save it without a password first`
          : `${name}: damaged PDF: its structure can't be read`,
      );
    });
  }

  /** Size of a page in pixels, turned the way it is to be shown. @param index from 0. */
  sizeOf(index: number, dpi: number): { width: number; height: number } {
    return guarded(this.#name, () =>
      withMemory(this.#pdf, 8, (at) => {
        this.#pdf.FPDF_GetPageSizeByIndexF(this.#document, index, at);
        const pixels = (points: number): number => Math.round((points * dpi) / POINTS_PER_INCH);
        return { width: pixels(this.#float(at)), height: pixels(this.#float(at + 4)) };
      }),
    );
  }

  /** The characters of a page's text layer, in the order of its content. */
  glyphs(index: number, dpi: number): Glyph[] {
    const size = this.sizeOf(index, dpi);
    return this.#withPage(index, (page) => {
      const text = this.#pdf.FPDFText_LoadPage(page);
      try {
        const count = Math.max(0, this.#pdf.FPDFText_CountChars(text));
        return Array.from({ length: count }, (_, i) => this.#glyph(page, text, i, size));
      } finally {
        this.#pdf.FPDFText_ClosePage(text);
      }
    });
  }

  /** The images that stand on a page: nothing of them is decoded. */
  images(index: number): PlacedImage[] {
    const { width, height } = this.sizeOf(index, POINTS_PER_INCH);
    return this.#withPage(index, (page) => imagesOn(this.#pdf, page, width * height));
  }

  /** Draws a page in shades of grey. @returns it as a binary PGM image. */
  render(index: number, dpi: number): Buffer {
    const { width, height } = this.sizeOf(index, dpi);
    return this.#withPage(index, (page) =>
      withMemory(this.#pdf, width * height, (at) => {
        const bitmap = this.#pdf.FPDFBitmap_CreateEx(width, height, GRAY_BITMAP, at, width);
        this.#pdf.pdfium.HEAPU8.fill(255, at, at + width * height);
        const flags = RENDER_ANNOTATIONS | RENDER_GRAYSCALE;
        this.#pdf.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, flags);
        this.#pdf.FPDFBitmap_Destroy(bitmap);
        const pixels = this.#pdf.pdfium.HEAPU8.subarray(at, at + width * height);
        return Buffer.concat([Buffer.from(`P5 ${width} ${height} 255\n`), pixels]);
      }),
    );
  }

  /** Adds pages to another document of the library. */
  copyPages(indices: readonly number[], to: Pointer): void {
    guarded(this.#name, () =>
      withMemory(this.#pdf, 4 * indices.length, (at) => {
        const view = new Int32Array(this.#pdf.pdfium.HEAPU8.buffer, at, indices.length);
        view.set(indices);
        const end = this.#pdf.FPDF_GetPageCount(to);
        if (!this.#pdf.FPDF_ImportPagesByIndex(to, this.#document, at, indices.length, end))
          throw new DswError('refused', `${this.#name}: damaged PDF: its pages can't be copied`);
      }),
    );
  }

  close(): void {
    guarded(this.#name, () => {
      this.#pdf.FPDF_CloseDocument(this.#document);
      this.#pdf.pdfium.wasmExports.free(this.#data);
    });
  }

  #glyph(page: Pointer, text: Pointer, i: number, size: { width: number; height: number }): Glyph {
    return withMemory(this.#pdf, 24, (at) => {
      this.#pdf.FPDFText_GetLooseCharBox(text, i, at);
      const [left = 0, top = 0, right = 0, bottom = 0] = this.#floats(at, 4);
      const corners = [
        this.#toPixels(page, size, left, top, at),
        this.#toPixels(page, size, right, bottom, at),
      ];
      const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
      return {
        character: String.fromCodePoint(this.#pdf.FPDFText_GetUnicode(text, i)),
        left: Math.min(...xs),
        right: Math.max(...xs),
        top: Math.min(...ys),
        bottom: Math.max(...ys),
        unknown: this.#pdf.FPDFText_HasUnicodeMapError(text, i) === 1,
      };
    });
  }

  #toPixels(
    page: Pointer,
    { width, height }: { width: number; height: number },
    x: number,
    y: number,
    at: Pointer,
  ): { x: number; y: number } {
    this.#pdf.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, at + 16, at + 20);
    const { getValue } = this.#pdf.pdfium;
    return { x: getValue(at + 16, 'i32'), y: getValue(at + 20, 'i32') };
  }

  #withPage<T>(index: number, use: (page: Pointer) => T): T {
    return guarded(this.#name, () => {
      const page = this.#pdf.FPDF_LoadPage(this.#document, index);
      if (page === 0)
        throw new DswError(
          'refused',
          `${this.#name}: damaged PDF: page ${index + 1} can't be read`,
        );
      try {
        return use(page);
      } finally {
        this.#pdf.FPDF_ClosePage(page);
      }
    });
  }

  #float(at: Pointer): number {
    return this.#pdf.pdfium.getValue(at, 'float');
  }

  #floats(at: Pointer, count: number): number[] {
    return Array.from({ length: count }, (_, i) => this.#float(at + 4 * i));
  }
}
