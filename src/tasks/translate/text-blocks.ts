/** A stretch of a text: to translate, or to leave as it is (line breaks, rules, bare numbers). */
export interface TextBlock {
  text: string;
  translate: boolean;
}

/** A line shorter than this share of its paragraph's longest ends because its author ended it. */
const FULL_LINE_SHARE = 0.7;
/** Below this width nothing is running text: labels, addresses, table cells. */
const SHORTEST_FULL_LINE = 40;

const SENTENCE_END = /[.!?:;]["'”’)\]]*$/;
const LIST_ITEM = /^(?:[-–•*▪]|\(?(?:\d{1,3}|[A-Za-z])[.)])\s/;
const LETTER = /\p{L}/u;

/** A blank line that the reader saw inside a sentence: running text before it, a small letter after. */
const GAP_IN_SENTENCE = /(?<=^.{30,}[\p{L}\d,])[ \t]*\n[ \t]*\n(?=[ \t]*\p{Ll})/gmu;

/**
 * Takes a read page apart for translation: lines that the scan broke in mid-sentence become one
 * block, lines that stand for themselves (fields, headings, list items) stay alone. The blocks'
 * texts in order are the whole text; blank lines and page breaks survive as they are.
 */
export function splitBlocks(text: string): TextBlock[] {
  const blocks: TextBlock[] = [];
  for (const paragraph of text
    .replaceAll(GAP_IN_SENTENCE, '\n')
    .split(/(\n[ \t]*(?:\n[ \t]*)+|\f)/)) {
    if (LETTER.test(paragraph)) blocks.push(...splitParagraph(paragraph));
    else if (paragraph !== '') blocks.push({ text: paragraph, translate: false });
  }
  return blocks;
}

function splitParagraph(paragraph: string): TextBlock[] {
  const lines = paragraph.split('\n');
  const longest = Math.max(...lines.map((line) => line.trim().length));
  const blocks: TextBlock[] = [];
  lines.forEach((line, i) => {
    const last = blocks.at(-1);
    if (last?.translate && continues(lines[i - 1] ?? '', line, longest)) {
      last.text = joinLines(last.text, line.trim());
      return;
    }
    if (i > 0) blocks.push({ text: '\n', translate: false });
    blocks.push(...splitMargins(line));
  });
  return blocks;
}

/** Whether a line goes on with the sentence of the line before. */
function continues(before: string, line: string, longest: number): boolean {
  const start = line.trim();
  const end = before.trim();
  if (!LETTER.test(start) || !LETTER.test(end) || LIST_ITEM.test(start)) return false;
  if (end.endsWith(':')) return false;
  if (/^\p{Ll}/u.test(start)) return true;
  const isFull = longest >= SHORTEST_FULL_LINE && end.length >= longest * FULL_LINE_SHARE;
  return isFull && !(SENTENCE_END.test(end) && end.length < longest * 0.9);
}

/** Takes back the hyphen that the end of a line put into a word. */
function joinLines(before: string, line: string): string {
  return /\p{L}-$/u.test(before) && /^\p{Ll}/u.test(line)
    ? before.slice(0, -1) + line
    : `${before} ${line}`;
}

/** Sets apart what surrounds the words of a line. */
function splitMargins(line: string): TextBlock[] {
  const [, before = '', middle = '', after = ''] = /^(\s*)(.*?)(\s*)$/s.exec(line) ?? [];
  return [
    { text: before, translate: false },
    { text: middle, translate: LETTER.test(middle) },
    { text: after, translate: false },
  ].filter(({ text }) => text !== '');
}

const ABBREVIATION = /\b(?:Dr|Mr|Mrs|Ms|Prof|St|No|Nr|approx|vs|e\.g|i\.e|ca|Fig)\.\s*$/i;

/** The sentences of a text, spaces included: joined they are the text. */
export function splitSentences(text: string, language: string): string[] {
  const sentences: string[] = [];
  for (const { segment } of new Intl.Segmenter(language, { granularity: 'sentence' }).segment(
    text,
  )) {
    const last = sentences.at(-1);
    if (last !== undefined && ABBREVIATION.test(last))
      sentences[sentences.length - 1] = last + segment;
    else sentences.push(segment);
  }
  return sentences;
}

/**
 * Cuts a text at ends of sentences into pieces of at most `limit` characters. One sentence that is
 * longer stays whole.
 */
export function splitToLimit(text: string, limit: number, language: string): string[] {
  if (text.length <= limit) return [text];
  const pieces: string[] = [];
  for (const sentence of splitSentences(text, language)) {
    const last = pieces.at(-1);
    if (last !== undefined && last.length + sentence.length <= limit)
      pieces[pieces.length - 1] = last + sentence;
    else pieces.push(sentence);
  }
  return pieces;
}
