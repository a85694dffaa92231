import { PdfFile } from './pdf-file.js';
import { guarded, pdfLibrary, withMemory } from './pdf-library.js';

/** Pages of one PDF, to be taken over into another. */
export interface PdfPart {
  bytes: Uint8Array;
  /** Page numbers from 0; none: all. */
  pages?: readonly number[];
}

/** Makes one PDF of the pages of several, in their order. */
export async function joinPdfs(parts: AsyncIterable<PdfPart> | Iterable<PdfPart>): Promise<Buffer> {
  const pdf = await pdfLibrary();
  const joined = pdf.FPDF_CreateNewDocument();
  try {
    for await (const { bytes, pages } of parts) {
      const file = await PdfFile.open(bytes, 'the document');
      try {
        file.copyPages(pages ?? [...Array(file.pageCount).keys()], joined);
      } finally {
        file.close();
      }
    }
    return guarded('the document', () => {
      const writer = pdf.PDFiumExt_OpenFileWriter();
      pdf.PDFiumExt_SaveAsCopy(joined, writer);
      const size = pdf.PDFiumExt_GetFileWriterSize(writer);
      const saved = withMemory(pdf, size, (at) => {
        pdf.PDFiumExt_GetFileWriterData(writer, at, size);
        return Buffer.from(pdf.pdfium.HEAPU8.subarray(at, at + size));
      });
      pdf.PDFiumExt_CloseFileWriter(writer);
      return saved;
    });
  } finally {
    pdf.FPDF_CloseDocument(joined);
  }
}
