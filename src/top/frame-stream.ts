import { EventEmitter } from 'node:events';

const ALTERNATE_SCREEN = '\u001b[?1049h\u001b[?25l';
const MAIN_SCREEN = '\u001b[?25h\u001b[?1049l';
const CLEAR = '\u001b[2J';
/** Between these a terminal that knows them shows nothing half drawn. */
const BEGIN_UPDATE = '\u001b[?2026h';
const END_UPDATE = '\u001b[?2026l';

type Terminal = Pick<NodeJS.WriteStream, 'columns' | 'rows' | 'write' | 'on' | 'off'>;

/**
 * Paints whole frames on a terminal by writing only the lines that changed, each at its place: no
 * flicker, nothing scrolls, and the last row can be used. To Ink it is the terminal.
 */
export class FrameStream extends EventEmitter {
  readonly #terminal: Terminal;
  #shown: string[] = [];

  constructor(terminal: Terminal) {
    super();
    this.#terminal = terminal;
  }

  get columns(): number {
    return this.#terminal.columns;
  }

  get rows(): number {
    return this.#terminal.rows;
  }

  open(): void {
    this.#terminal.write(ALTERNATE_SCREEN + CLEAR);
    this.#terminal.on('resize', this.#onResize);
  }

  close(): void {
    this.#terminal.off('resize', this.#onResize);
    this.#terminal.write(MAIN_SCREEN);
  }

  /** What Ink itself would show: nothing, and what hides the cursor, which is hidden. */
  write(): boolean {
    return true;
  }

  /** Shows a frame: its lines, the topmost first. */
  show(frame: readonly string[]): void {
    const lines = frame.slice(0, this.rows);
    const height = Math.max(lines.length, this.#shown.length);
    let changes = '';
    for (let row = 0; row < height; row++) {
      const line = lines[row] ?? '';
      if (line !== this.#shown[row]) changes += `\u001b[${row + 1};1H\u001b[2K${line}`;
    }
    this.#shown = lines;
    if (changes !== '') this.#terminal.write(BEGIN_UPDATE + changes + END_UPDATE);
  }

  /** What a terminal does to its content when it is resized is anybody's guess: all is drawn anew. */
  readonly #onResize = (): void => {
    this.#shown = [];
    this.#terminal.write(CLEAR);
    this.emit('resize');
  };
}
