/** A word on a page; its box in pixels of the upright page. */
export interface Word {
  /** Numbers from 1: block on the page, paragraph in it, line in that. */
  block: number;
  paragraph: number;
  line: number;
  left: number;
  top: number;
  width: number;
  height: number;
  /** 0–100. */
  confidence: number;
  text: string;
}

/** What is on one page. */
export interface PageReading {
  /** Whether the engine read it, or the PDF holds its text. */
  source: 'image' | 'text layer';
  /** The upright page, in pixels. */
  width: number;
  height: number;
  dpi: number;
  /** How far the page was turned clockwise to stand upright, in degrees. */
  turnedDegrees: number;
  words: Word[];
  /** Set on a page that bears ink but no word. */
  unread?: true;
}

/** Mean over the words, 0–100; of an empty page 100: there was nothing to mistake. */
export function meanConfidence({ words, unread }: Pick<PageReading, 'words' | 'unread'>): number {
  if (words.length === 0) return unread ? 0 : 100;
  return words.reduce((sum, { confidence }) => sum + confidence, 0) / words.length;
}

/** How much was read and how surely: what makes one reading of a page better than another. */
export function weightOf({ words }: PageReading): number {
  return words.reduce((sum, { confidence, text }) => sum + confidence * text.length, 0);
}

/** The text: a line for each line, an empty one between paragraphs. */
export function textOf({ words }: PageReading): string {
  let text = '';
  words.forEach((word, i) => {
    const before = words[i - 1];
    if (before) text += separator(before, word);
    text += word.text;
  });
  return text === '' ? '' : `${text}\n`;
}

function separator(before: Word, word: Word): string {
  if (before.block !== word.block || before.paragraph !== word.paragraph) return '\n\n';
  return before.line === word.line ? ' ' : '\n';
}

/** Levels of the rows in Tesseract's TSV: level, page, block, paragraph, line, word, box, … */
const PAGE_LEVEL = '1';
const WORD_LEVEL = '5';

/** Reads Tesseract's TSV of one page. */
export function readTsv(tsv: string): Pick<PageReading, 'width' | 'height' | 'words'> {
  const rows = tsv.split('\n').map((row) => row.split('\t'));
  const page = rows.find(([level]) => level === PAGE_LEVEL) ?? [];
  const words = rows.filter(([level, ...cells]) => level === WORD_LEVEL && cells[10]?.trim());
  return { width: Number(page[8] ?? 0), height: Number(page[9] ?? 0), words: words.map(readWord) };
}

function readWord(row: string[]): Word {
  const [block, paragraph, line] = [row[2], row[3], row[4]].map(Number) as [number, number, number];
  const [left, top, width, height] = row.slice(6, 10).map(Number) as [
    number,
    number,
    number,
    number,
  ];
  const confidence = Math.round(Number(row[10]) * 10) / 10;
  return { block, paragraph, line, left, top, width, height, confidence, text: row[11] ?? '' };
}
