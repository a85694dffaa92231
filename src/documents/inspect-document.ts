import type { DocumentLimits } from '../config/document-settings.js';
import { DswError } from '../errors.js';
import { inspectImage, type ImageInfo } from './image-format.js';
import type { PictureSize } from './picture-size.js';
import { PdfFile } from './pdf-file.js';

/** What a document is, by its content: a file's name says nothing. */
export interface DocumentInfo {
  format: ImageInfo['format'] | 'pdf';
  pages: number;
  /** The page of an image, or the pages of a TIFF. */
  pictures: PictureSize[];
}

/** Within so many bytes a PDF begins with its header and ends with its mark. ISO 32000-1, annex H. */
const PDF_MARGIN = 1024;

/**
 * Tells what a document is from its structure, without decoding a pixel.
 * @param name what to call the file in a message.
 * @throws DswError `refused` with name and reason when it is empty, of no known format, not whole,
 *   encrypted, or beyond a limit.
 */
export async function inspectDocument(
  bytes: Buffer,
  name: string,
  limits: DocumentLimits,
): Promise<DocumentInfo> {
  const refuse = (reason: string): DswError => new DswError('refused', `${name}: ${reason}`);
  checkSize(bytes, name, limits);
  const info = isPdf(bytes) ? await inspectPdf(bytes, name) : readImage(bytes, name, limits);
  if (info.pages === 0) throw refuse('damaged PDF: it holds no page');
  if (info.pages > limits.maxPages)
    throw refuse(`it has more pages than limits.maxPages (${limits.maxPages})`);
  return info;
}

/** @throws DswError `refused` for a file of any kind that is beyond the limit. */
export function checkSize(bytes: Buffer, name: string, { maxBytes }: DocumentLimits): void {
  if (bytes.length <= maxBytes) return;
  const reason = `${bytes.length} bytes are beyond limits.maxBytes (${maxBytes})`;
  throw new DswError('refused', `${name}: ${reason}`);
}

function readImage(bytes: Buffer, name: string, limits: DocumentLimits): DocumentInfo {
  const { format, pages } = inspectImage(bytes, name, limits);
  return { format, pages: pages.length, pictures: pages };
}

function isPdf(bytes: Buffer): boolean {
  return bytes.subarray(0, PDF_MARGIN).includes('%PDF-');
}

/** PDFium mends a file that was cut off, and would hide that pages are missing. */
async function inspectPdf(bytes: Buffer, name: string): Promise<DocumentInfo> {
  const padding = bytes.length - bytes.findLastIndex((byte) => byte > 0x20) - 1;
  const tail = bytes.subarray(Math.max(0, bytes.length - padding - PDF_MARGIN));
  if (!tail.includes('%%EOF'))
    throw new DswError('refused', `${name}: damaged PDF: the file is cut off`);
  const file = await PdfFile.open(bytes, name);
  try {
    return { format: 'pdf', pages: file.pageCount, pictures: [] };
  } finally {
    file.close();
  }
}
