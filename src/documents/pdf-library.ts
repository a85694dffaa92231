import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { packageRoot } from '../config/package-root.js';
import { DswError } from '../errors.js';

/** An address in the library's memory, or a handle; 0 is none. */
export type Pointer = number;

/** What is used of PDFium: see fpdfview.h, fpdf_text.h, fpdf_edit.h and fpdf_ppo.h there. */
interface PdfiumFunctions {
  PDFiumExt_Init(): void;
  FPDF_LoadMemDocument(data: Pointer, bytes: number, password: string): Pointer;
  FPDF_CreateNewDocument(): Pointer;
  FPDF_CloseDocument(document: Pointer): void;
  FPDF_GetLastError(): number;
  FPDF_GetPageCount(document: Pointer): number;
  FPDF_GetPageSizeByIndexF(document: Pointer, index: number, size: Pointer): boolean;
  FPDF_LoadPage(document: Pointer, index: number): Pointer;
  FPDF_ClosePage(page: Pointer): void;
  FPDFPage_CountObjects(page: Pointer): number;
  FPDFPage_GetObject(page: Pointer, index: number): Pointer;
  FPDFPageObj_GetType(object: Pointer): number;
  FPDFPageObj_GetBounds(
    object: Pointer,
    left: Pointer,
    bottom: Pointer,
    right: Pointer,
    top: Pointer,
  ): boolean;
  FPDFFormObj_CountObjects(form: Pointer): number;
  FPDFFormObj_GetObject(form: Pointer, index: number): Pointer;
  FPDFImageObj_GetImagePixelSize(object: Pointer, width: Pointer, height: Pointer): boolean;
  FPDFText_LoadPage(page: Pointer): Pointer;
  FPDFText_ClosePage(textPage: Pointer): void;
  FPDFText_CountChars(textPage: Pointer): number;
  FPDFText_GetUnicode(textPage: Pointer, index: number): number;
  FPDFText_HasUnicodeMapError(textPage: Pointer, index: number): number;
  FPDFText_GetLooseCharBox(textPage: Pointer, index: number, rectangle: Pointer): boolean;
  FPDF_PageToDevice(
    page: Pointer,
    startX: number,
    startY: number,
    sizeX: number,
    sizeY: number,
    rotate: number,
    pageX: number,
    pageY: number,
    deviceX: Pointer,
    deviceY: Pointer,
  ): boolean;
  FPDFBitmap_CreateEx(
    width: number,
    height: number,
    format: number,
    buffer: Pointer,
    stride: number,
  ): Pointer;
  FPDFBitmap_Destroy(bitmap: Pointer): void;
  FPDF_RenderPageBitmap(
    bitmap: Pointer,
    page: Pointer,
    startX: number,
    startY: number,
    sizeX: number,
    sizeY: number,
    rotate: number,
    flags: number,
  ): void;
  FPDF_ImportPagesByIndex(
    to: Pointer,
    from: Pointer,
    indices: Pointer,
    count: number,
    at: number,
  ): boolean;
  PDFiumExt_OpenFileWriter(): Pointer;
  PDFiumExt_SaveAsCopy(document: Pointer, writer: Pointer): boolean;
  PDFiumExt_GetFileWriterSize(writer: Pointer): number;
  PDFiumExt_GetFileWriterData(writer: Pointer, data: Pointer, bytes: number): number;
  PDFiumExt_CloseFileWriter(writer: Pointer): void;
}

export type PdfLibrary = PdfiumFunctions & {
  pdfium: {
    HEAPU8: Uint8Array;
    wasmExports: { malloc(bytes: number): Pointer; free(address: Pointer): void };
    getValue(address: Pointer, type: 'i32' | 'float' | 'double'): number;
  };
};

let library: Promise<PdfLibrary> | undefined;

/**
 * PDFium as WebAssembly: what Chrome shows PDFs with, bounded to memory of its own. Loaded when a
 * thread meets its first PDF.
 */
export function pdfLibrary(): Promise<PdfLibrary> {
  library ??= load();
  return library;
}

async function load(): Promise<PdfLibrary> {
  const { init } = await import('@embedpdf/pdfium');
  const { resolve } = createRequire(join(packageRoot(), 'package.json'));
  const wasmBinary = await readFile(resolve('@embedpdf/pdfium/pdfium.wasm'));
  const loaded = (await init({ wasmBinary })) as unknown as PdfLibrary;
  loaded.PDFiumExt_Init();
  return loaded;
}

/**
 * Calls into the library. A crash in there is the document's doing; the memory it leaves behind
 * can't be trusted, so the next document gets a fresh library.
 * @param name what to call the document in a message.
 * @throws DswError `refused` when the library crashed.
 */
export function guarded<T>(name: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'RuntimeError') throw error;
    library = undefined;
    throw new DswError('refused', `${name}: the PDF can not be read: ${error.message}`, {
      cause: error,
    });
  }
}

/** Lends a piece of the library's memory. */
export function withMemory<T>(pdf: PdfLibrary, bytes: number, use: (at: Pointer) => T): T {
  const at = pdf.pdfium.wasmExports.malloc(bytes);
  try {
    return use(at);
  } finally {
    pdf.pdfium.wasmExports.free(at);
  }
}
