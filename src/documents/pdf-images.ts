import { withMemory, type PdfLibrary, type Pointer } from './pdf-library.js';

/** PDFium's numbers, from fpdf_edit.h. */
const IMAGE_OBJECT = 3;
const FORM_OBJECT = 5;
/** Forms within forms: PDFium itself goes no deeper. */
const MAX_FORM_DEPTH = 40;

/** An image on a page. */
export interface PlacedImage {
  /** In its own pixels. */
  width: number;
  height: number;
  /** How much of the page it covers, or the form that it stands in: 1 is all. */
  pageShare: number;
}

/**
 * The images that stand on a page, also inside of forms: nothing of them is decoded.
 * @param pageArea in square points.
 */
export function imagesOn(pdf: PdfLibrary, page: Pointer, pageArea: number): PlacedImage[] {
  const found: PlacedImage[] = [];
  const look = (object: Pointer, depth: number, formShare?: number): void => {
    const type = pdf.FPDFPageObj_GetType(object);
    if (type !== IMAGE_OBJECT && type !== FORM_OBJECT) return;
    const pageShare = formShare ?? areaOf(pdf, object) / pageArea;
    if (type === IMAGE_OBJECT) found.push({ ...sizeOf(pdf, object), pageShare });
    else if (depth < MAX_FORM_DEPTH)
      for (let i = pdf.FPDFFormObj_CountObjects(object) - 1; i >= 0; i--)
        look(pdf.FPDFFormObj_GetObject(object, i), depth + 1, pageShare);
  };
  for (let i = pdf.FPDFPage_CountObjects(page) - 1; i >= 0; i--)
    look(pdf.FPDFPage_GetObject(page, i), 0);
  return found;
}

function areaOf(pdf: PdfLibrary, object: Pointer): number {
  return withMemory(pdf, 16, (at) => {
    pdf.FPDFPageObj_GetBounds(object, at, at + 4, at + 8, at + 12);
    const [left = 0, bottom = 0, right = 0, top = 0] = [0, 4, 8, 12].map((offset) =>
      pdf.pdfium.getValue(at + offset, 'float'),
    );
    return (right - left) * (top - bottom);
  });
}

function sizeOf(pdf: PdfLibrary, image: Pointer): { width: number; height: number } {
  return withMemory(pdf, 8, (at) => {
    pdf.FPDFImageObj_GetImagePixelSize(image, at, at + 4);
    return { width: pdf.pdfium.getValue(at, 'i32'), height: pdf.pdfium.getValue(at + 4, 'i32') };
  });
}
