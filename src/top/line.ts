import stringWidth from 'fast-string-width';

/** What a piece of text means; colour only repeats what its words say. */
export type Tone = 'plain' | 'dim' | 'good' | 'warn' | 'bad' | 'accent' | 'title';

export interface Span {
  text: string;
  tone: Tone;
}

/** One line of the screen. */
export type Line = readonly Span[];

export function span(text: string, tone: Tone = 'plain'): Span {
  return { text, tone };
}

/** The text of a line, without its tones. */
export function textOf(line: Line): string {
  return line.map(({ text }) => text).join('');
}

/** Cuts or pads a text to exactly `width` cells of the terminal. */
export function fit(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const cut = clip(text, width);
  const space = ' '.repeat(Math.max(0, width - stringWidth(cut)));
  return align === 'right' ? space + cut : cut + space;
}

/** Cuts a text to at most `width` cells; what comes from users may hold no control characters. */
function clip(text: string, width: number): string {
  const clean = text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
  if (stringWidth(clean) <= width) return clean;
  let cut = '';
  for (const character of clean) {
    if (stringWidth(cut + character) > width - 1) break;
    cut += character;
  }
  return width > 0 ? `${cut}…` : '';
}

/** Cuts a whole line to `width` cells. */
export function clipLine(line: Line, width: number): Line {
  const kept: Span[] = [];
  let room = width;
  for (const { text, tone } of line) {
    if (room <= 0) break;
    const cut = clip(text, room);
    kept.push({ text: cut, tone });
    room -= stringWidth(cut);
  }
  return kept;
}
