import type { DocumentLimits } from '../../config/document-settings.js';
import type { TaskSettings } from '../../config/task-settings.js';
import { plainBmp } from '../../documents/bmp-pixels.js';
import { inspectDocument } from '../../documents/inspect-document.js';
import { PdfFile } from '../../documents/pdf-file.js';
import { joinPdfs } from '../../documents/pdf-join.js';
import { readTiffPages } from '../../documents/tiff-format.js';
import { selectTiffPage } from '../../documents/tiff-inflate.js';
import { UnrecoverableError } from '../contract.js';
import { requireMemory } from './page-memory.js';
import type { PageReading } from './page-reading.js';
import { readTextLayer } from './text-layer.js';
import type { PageImage } from './upright.js';

/** A page as it comes out of its document: to be looked at, or already read. */
type SourcePage =
  | { kind: 'image'; image: PageImage }
  | { kind: 'text'; reading: PageReading; pdf(): Promise<Buffer> };

/** The pages of a document, one at a time. */
export interface PageSource {
  count: number;
  /** @param number from 1. */
  page(number: number): SourcePage;
  close(): void;
}

type PageSettings = Pick<TaskSettings, 'limits' | 'slotMemoryMb'>;

/**
 * Opens a document.
 * @param dpi resolution for PDF pages that have to be drawn.
 * @throws DswError `refused` when it is unusable or beyond a limit.
 */
export async function openPages(
  bytes: Buffer,
  dpi: number,
  settings: PageSettings,
): Promise<PageSource> {
  const { limits, slotMemoryMb } = settings;
  const { format, pages: count, pictures } = await inspectDocument(bytes, 'the document', limits);
  if (format === 'pdf') return pdfPages(bytes, dpi, settings);
  for (const [i, picture] of pictures.entries())
    requireMemory(picture, `page ${i + 1}`, slotMemoryMb);
  const close = (): void => undefined;
  if (format === 'tiff') return { count, page: tiffPages(bytes, limits), close };
  const image = { bytes: format === 'bmp' ? plainBmp(bytes) : bytes };
  return { count, page: () => ({ kind: 'image', image }), close };
}

/** Decoders read the first page of a TIFF: each page is made the first in turn. */
function tiffPages(bytes: Buffer, limits: DocumentLimits): PageSource['page'] {
  const pages = readTiffPages(bytes, limits.maxPages);
  return (number) => {
    const page = Array.isArray(pages) ? pages[number - 1] : undefined;
    if (!page) throw new UnrecoverableError(`the document has no page ${number}`);
    const options = { name: 'the document', maxPixels: limits.maxPixelsPerPage };
    return { kind: 'image', image: { bytes: selectTiffPage(bytes, page, options) } };
  };
}

async function pdfPages(bytes: Buffer, dpi: number, settings: PageSettings): Promise<PageSource> {
  const file = await PdfFile.open(bytes, 'the document');
  return {
    count: file.pageCount,
    close: () => file.close(),
    page(number) {
      const index = number - 1;
      const reading = readTextLayer(file, index, dpi);
      if (reading) {
        const pdf = (): Promise<Buffer> => joinPdfs([{ bytes, pages: [index] }]);
        return { kind: 'text', reading, pdf };
      }
      checkPixels(file, number, dpi, settings);
      return { kind: 'image', image: { bytes: file.render(index, dpi), dpi } };
    },
  };
}

/** Before memory is taken for a page, or for an image on it. */
function checkPixels(
  file: PdfFile,
  number: number,
  dpi: number,
  { limits: { maxPixelsPerPage }, slotMemoryMb }: PageSettings,
): void {
  const { width, height } = file.sizeOf(number - 1, dpi);
  if (width < 1 || height < 1)
    throw new UnrecoverableError(`damaged PDF: page ${number}: ${width} × ${height} pixels`);
  const limit = `beyond limits.maxPixelsPerPage (${maxPixelsPerPage})`;
  if (width * height > maxPixelsPerPage)
    throw new UnrecoverableError(
      `page ${number}: ${width} × ${height} pixels at ${dpi} dpi are ${limit}`,
    );
  requireMemory({ width, height, depth: 8 }, `page ${number}`, slotMemoryMb);
  for (const image of file.images(number - 1)) {
    if (image.width * image.height > maxPixelsPerPage)
      throw new UnrecoverableError(
        `page ${number}: an image of ${image.width} × ${image.height} pixels is ${limit}`,
      );
    requireMemory({ ...image, depth: 8 }, `page ${number}: an image`, slotMemoryMb);
  }
}
