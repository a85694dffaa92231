import type { Line, Tone } from './line.js';

const END = '\u001b[0m';

const STYLES: Record<Tone, string> = {
  plain: '',
  dim: '\u001b[2m',
  good: '\u001b[32m',
  warn: '\u001b[33m',
  bad: '\u001b[31m',
  accent: '\u001b[36m',
  title: '\u001b[1m',
};
const COLOURLESS: Record<Tone, string> = {
  plain: '',
  dim: '',
  good: '',
  warn: '',
  bad: '',
  accent: '',
  title: STYLES.title,
};

/** A line as a terminal is sent it. */
export function styled(line: Line, colour: boolean): string {
  const styles = colour ? STYLES : COLOURLESS;
  let text = '';
  let current = '';
  for (const span of line) {
    const style = styles[span.tone];
    // A gap has no tone of its own.
    if (style !== current && span.text.trim() !== '') {
      text += current === '' ? style : END + style;
      current = style;
    }
    text += span.text;
  }
  return current === '' ? text : text + END;
}
