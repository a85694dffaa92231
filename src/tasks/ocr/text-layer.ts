import type { Glyph, PdfFile } from '../../documents/pdf-file.js';
import type { PageReading } from './page-reading.js';
import { inReadingOrder, type PlacedWord } from './reading-order.js';

/** A text layer is exact. */
const CERTAIN = 100;
/** A page that is one image with fewer characters than this on it is a scan with a stamp. */
const STAMP_CHARACTERS = 40;
const SCAN_SHARE = 0.5;
/** With more characters than this share unknown to their fonts, the page is better looked at. */
const UNKNOWN_SHARE = 0.1;

/** The text of a PDF page, or undefined when it has none that is worth more than its picture. */
export function readTextLayer(file: PdfFile, index: number, dpi: number): PageReading | undefined {
  const glyphs = file.glyphs(index, dpi);
  const printed = glyphs.filter(({ character }) => character.trim() !== '');
  if (printed.length === 0) return undefined;
  const unknown = printed.filter(isUnknown).length;
  if (unknown > printed.length * UNKNOWN_SHARE) return undefined;
  const isScan = (): boolean => file.images(index).some(({ pageShare }) => pageShare > SCAN_SHARE);
  if (printed.length < STAMP_CHARACTERS && isScan()) return undefined;
  const { width, height } = file.sizeOf(index, dpi);
  const words = inReadingOrder(wordsOf(glyphs));
  return { source: 'text layer', width, height, dpi, turnedDegrees: 0, words };
}

function isUnknown({ character, unknown }: Glyph): boolean {
  return unknown || /[\p{Co}\p{Cc}\uFFFD]/u.test(character);
}

/** Joins characters to words: white space ends one, and so do a jump and what can't be printed. */
function wordsOf(glyphs: readonly Glyph[]): PlacedWord[] {
  const words: Glyph[][] = [];
  let open: Glyph[] | undefined;
  for (const glyph of glyphs) {
    const isSpace = /[\s\p{Cc}]/u.test(glyph.character);
    const last = open?.at(-1);
    if (isSpace || (last && isApart(last, glyph))) open = undefined;
    if (isSpace) continue;
    if (!open) words.push((open = []));
    open.push(glyph);
  }
  return words.map(placed);
}

/** Whether a character stands elsewhere than where the word before it goes on. */
function isApart(before: Glyph, after: Glyph): boolean {
  const height = before.bottom - before.top;
  const shifted = Math.abs(after.bottom - before.bottom) > height / 2;
  const gap = after.left - before.right;
  return shifted || gap > height / 2 || gap < -height;
}

function placed(glyphs: readonly Glyph[]): PlacedWord {
  const [left, top] = [glyphs.map((g) => g.left), glyphs.map((g) => g.top)].map((all) =>
    Math.min(...all),
  ) as [number, number];
  const [right, bottom] = [glyphs.map((g) => g.right), glyphs.map((g) => g.bottom)].map((all) =>
    Math.max(...all),
  ) as [number, number];
  const text = glyphs.map(({ character }) => character).join('');
  return { left, top, width: right - left, height: bottom - top, confidence: CERTAIN, text };
}
