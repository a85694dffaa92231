import type { OutputFormat } from './output-formats.js';
import { meanConfidence, textOf, type PageReading, type Word } from './page-reading.js';

/** Outputs that are written from readings alone; they grow page by page. */
interface PageWriter {
  head: string;
  page(reading: PageReading, number: number): string;
  foot: string;
}

/** Pages of the text are parted by a form feed, as Tesseract and pdftotext do. */
const text: PageWriter = {
  head: '',
  page: (reading, number) => (number === 1 ? '' : '\f') + textOf(reading),
  foot: '',
};

const tsv: PageWriter = {
  head: 'level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n',
  page: (reading, number) => tsvRows(reading, number).join(''),
  foot: '',
};

/** hOCR 1.2: http://kba.github.io/hocr-spec/1.2/ */
const hocr: PageWriter = {
  head: `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head><title></title>
<meta http-equiv="Content-Type" content="text/html;charset=utf-8"/>
<meta name="ocr-system" content="dsw"/>
<meta name="ocr-capabilities" content="ocr_page ocr_carea ocr_par ocr_line ocrx_word"/>
</head>
<body>
`,
  page: hocrPage,
  foot: '</body>\n</html>\n',
};

export const PAGE_WRITERS: Record<Exclude<OutputFormat, 'pdf'>, PageWriter> = { text, tsv, hocr };

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Words that share a block, a paragraph or a line, with the box around them. */
interface Group extends Box {
  number: number;
  words: Word[];
}

function groupBy(words: readonly Word[], level: 'block' | 'paragraph' | 'line'): Group[] {
  const groups = new Map<number, Word[]>();
  for (const word of words) groups.set(word[level], [...(groups.get(word[level]) ?? []), word]);
  return [...groups].map(([number, members]) => ({ number, words: members, ...around(members) }));
}

function around(words: readonly Word[]): Box {
  const left = Math.min(...words.map((word) => word.left));
  const top = Math.min(...words.map((word) => word.top));
  const right = Math.max(...words.map((word) => word.left + word.width));
  const bottom = Math.max(...words.map((word) => word.top + word.height));
  return { left, top, width: right - left, height: bottom - top };
}

function tsvRows({ width, height, words }: PageReading, page: number): string[] {
  const row = (level: number, path: number[], box: Box, confidence = -1, word = ''): string =>
    `${[level, page, ...path, box.left, box.top, box.width, box.height, confidence, word].join('\t')}\n`;
  const rows = [row(1, [0, 0, 0, 0], { left: 0, top: 0, width, height })];
  for (const block of groupBy(words, 'block')) {
    rows.push(row(2, [block.number, 0, 0, 0], block));
    for (const paragraph of groupBy(block.words, 'paragraph')) {
      rows.push(row(3, [block.number, paragraph.number, 0, 0], paragraph));
      for (const line of groupBy(paragraph.words, 'line')) {
        const path = [block.number, paragraph.number, line.number];
        rows.push(row(4, [...path, 0], line));
        line.words.forEach((word, i) =>
          rows.push(row(5, [...path, i + 1], word, word.confidence, word.text)),
        );
      }
    }
  }
  return rows;
}

function hocrPage(reading: PageReading, page: number): string {
  const { width, height, dpi, words } = reading;
  const confidence = Math.round(meanConfidence(reading));
  const title = `bbox 0 0 ${width} ${height}; ppageno ${page - 1}; scan_res ${dpi} ${dpi}; x_wconf ${confidence}`;
  const id = (kind: string, ...path: number[]): string => `id="${[kind, page, ...path].join('_')}"`;
  const lines = [`<div class="ocr_page" ${id('page')} title="${title}">`];
  for (const block of groupBy(words, 'block')) {
    lines.push(`<div class="ocr_carea" ${id('block', block.number)} title="${bbox(block)}">`);
    for (const paragraph of groupBy(block.words, 'paragraph')) {
      const path = [block.number, paragraph.number];
      lines.push(`<p class="ocr_par" ${id('par', ...path)} title="${bbox(paragraph)}">`);
      for (const line of groupBy(paragraph.words, 'line')) {
        const lineId = id('line', ...path, line.number);
        lines.push(`<span class="ocr_line" ${lineId} title="${bbox(line)}">`);
        line.words.forEach((word, i) => {
          const wordTitle = `${bbox(word)}; x_wconf ${Math.round(word.confidence)}`;
          const wordId = id('word', ...path, line.number, i + 1);
          lines.push(
            `<span class="ocrx_word" ${wordId} title="${wordTitle}">${escapeXml(word.text)}</span>`,
          );
        });
        lines.push('</span>');
      }
      lines.push('</p>');
    }
    lines.push('</div>');
  }
  return `${lines.join('\n')}\n</div>\n`;
}

function bbox({ left, top, width, height }: Box): string {
  return `bbox ${left} ${top} ${left + width} ${top + height}`;
}

function escapeXml(word: string): string {
  return word
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
