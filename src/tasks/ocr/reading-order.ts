import type { Word } from './page-reading.js';

/** A word before it is known where in the text it belongs. */
export type PlacedWord = Omit<Word, 'block' | 'paragraph' | 'line'>;

type Row = PlacedWord[];

/** As multiples of the median word height: gaps between rows and columns, and within a line. */
const PARAGRAPH_GAP = 0.75;
const COLUMN_GAP = 1;
/** A column of prose has rows of so many words; with fewer, it is taken for a column of a table. */
const PROSE_WORDS = 3;

/**
 * Puts the words of a page in the order in which they are read, from their places alone: the order
 * in a PDF's content is whatever its author's program liked. Recursive cuts along white space, after
 * Nagy and Seth 1984 (XY-cut), with columns before rows; rows of a table stay together.
 */
export function inReadingOrder(words: readonly PlacedWord[]): Word[] {
  const heights = words.map(({ height }) => height).sort((a, b) => a - b);
  const unit = heights[heights.length >> 1] ?? 1;
  return cut([...words], unit).flatMap((block, b) =>
    rowsOf(block).flatMap((row, r) =>
      row.map((word) => ({ block: b + 1, paragraph: 1, line: r + 1, ...word })),
    ),
  );
}

/** Splits words into blocks, in reading order. */
function cut(words: PlacedWord[], unit: number): PlacedWord[][] {
  const columns = cutColumns(words, unit);
  if (columns) return columns.flatMap((column) => cut(column, unit));
  const bands = cutRows(words, unit);
  // A heading or a footer spans what lies below or above it in columns.
  for (let i = 1; i < bands.length; i++) {
    const [above, below] = [bands.slice(0, i).flat(), bands.slice(i).flat()];
    if (cutColumns(below, unit) ?? cutColumns(above, unit))
      return [...cut(above, unit), ...cut(below, unit)];
  }
  return bands;
}

/** Two columns of prose with white space between them over their whole height, or undefined. */
function cutColumns(words: PlacedWord[], unit: number): [PlacedWord[], PlacedWord[]] | undefined {
  const sides = split(words, unit * COLUMN_GAP, ({ left, width }) => [left, left + width]);
  for (let i = 1; i < sides.length; i++) {
    const [left, right] = [sides.slice(0, i).flat(), sides.slice(i).flat()];
    if (isProse(left) && isProse(right)) return [left, right];
  }
  return undefined;
}

function cutRows(words: PlacedWord[], unit: number): PlacedWord[][] {
  return split(words, unit * PARAGRAPH_GAP, ({ top, height }) => [top, top + height]);
}

/** Groups words wherever their extents leave a gap of at least `gap`. */
function split(
  words: PlacedWord[],
  gap: number,
  extent: (word: PlacedWord) => [start: number, end: number],
): PlacedWord[][] {
  const groups: PlacedWord[][] = [];
  let reached = -Infinity;
  for (const word of words.toSorted((a, b) => extent(a)[0] - extent(b)[0])) {
    const [start, end] = extent(word);
    if (groups.length === 0 || start - reached >= gap) groups.push([]);
    groups.at(-1)?.push(word);
    reached = Math.max(reached, end);
  }
  return groups;
}

function isProse(words: PlacedWord[]): boolean {
  const lengths = rowsOf(words).map((row) => row.length);
  return lengths.length >= 2 && words.length / lengths.length >= PROSE_WORDS;
}

/** Rows of words whose middles lie on one height, each from left to right. */
function rowsOf(words: readonly PlacedWord[]): Row[] {
  const rows: { row: Row; top: number; bottom: number }[] = [];
  for (const word of words.toSorted((a, b) => middle(a) - middle(b))) {
    const last = rows.at(-1);
    if (last && middle(word) < last.bottom && middle(word) > last.top) last.row.push(word);
    else rows.push({ row: [word], top: word.top, bottom: word.top + word.height });
  }
  return rows.map(({ row }) => row.toSorted((a, b) => a.left - b.left));
}

function middle({ top, height }: PlacedWord): number {
  return top + height / 2;
}
