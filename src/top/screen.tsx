import { Box, render, Text, useApp, useInput, useStdout, type Key } from 'ink';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { MonitorNews } from '../monitor/monitor.js';
import { drawScreen } from './draw-screen.js';
import { FrameStream } from './frame-stream.js';
import { pressKey } from './keys.js';
import { joinTones, type Line, type Tone } from './line.js';
import { afterEvent, initialState, type Command, type TopEvent, type TopState } from './state.js';

export interface ScreenOptions extends Pick<TopState, 'title' | 'address' | 'standards'> {
  /** What is known when the screen opens. */
  news: MonitorNews | undefined;
  /** Where it gets the news after that. Returns a function that ends the subscription. */
  subscribe(listener: (news: MonitorNews) => void): () => void;
  /** Does what a confirmed key asked for. @returns what became of it, in one line. */
  act(command: Command): Promise<string>;
  colour: boolean;
}

const TICK_MS = 1200;

function Screen(options: ScreenOptions) {
  const { subscribe, act, colour } = options;
  const { exit } = useApp();
  const size = useTerminalSize();
  // Several keys may arrive before the next render: the reference always holds the latest state.
  const [state, setState] = useState(() => firstState(options));
  const latest = useRef(state);
  const change = useCallback((next: TopState): void => {
    latest.current = next;
    setState(next);
  }, []);
  const happen = useCallback(
    (event: TopEvent): void => change(afterEvent(latest.current, event)),
    [change],
  );
  useEffect(() => {
    const timer = setInterval(() => {
      const now = Date.now();
      // A picture has just brought the clock up to date: no need to draw twice.
      if (now - latest.current.heardAt >= TICK_MS) happen({ kind: 'tick', now });
    }, TICK_MS);
    const unsubscribe = subscribe((news) => happen(eventOf(news)));
    return () => {
      clearInterval(timer);
      unsubscribe();
    };
  }, [subscribe, happen]);
  const press = (key: string): void => {
    const { state: next, action } = pressKey(latest.current, key);
    change(next);
    if (action?.kind === 'quit') exit();
    else if (action) {
      act(action).then(
        (text) => happen({ kind: 'note', text, tone: 'good' }),
        (error: unknown) =>
          happen({
            kind: 'note',
            text: error instanceof Error ? error.message : String(error),
            tone: 'bad',
          }),
      );
    }
  };
  useInput((input, key) => keyNames(input, key).forEach(press));
  return <Lines lines={drawScreen(state, size)} colour={colour} />;
}

/** With the first picture in it, where there is one already. */
function firstState({ news, title, address, standards }: ScreenOptions): TopState {
  const state = initialState({ title, address, standards }, Date.now());
  return news ? afterEvent(state, eventOf(news)) : state;
}

function eventOf(news: MonitorNews): TopEvent {
  const now = Date.now();
  return 'error' in news
    ? { kind: 'trouble', reason: news.error.message, now }
    : { kind: 'snapshot', snapshot: news.snapshot, now };
}

function useTerminalSize() {
  const { stdout } = useStdout();
  const measure = useCallback(() => ({ width: stdout.columns, height: stdout.rows }), [stdout]);
  const [size, setSize] = useState(measure);
  useEffect(() => {
    const onResize = (): void => setSize(measure());
    stdout.on('resize', onResize);
    return () => {
      stdout.off('resize', onResize);
    };
  }, [stdout, measure]);
  return size;
}

const NAMED_KEYS: [keyof Key, string][] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'escape'],
  ['backspace', 'backspace'],
  ['delete', 'backspace'],
];

/** What keys look like that arrived together with others, pasted or typed fast. */
const TYPED_KEYS: Record<string, string> = {
  ' ': 'space',
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u007f': 'backspace',
  '\u001b': 'escape',
};

/** The names of what was pressed, as the key table knows them. */
function keyNames(input: string, key: Key): string[] {
  if (key.ctrl) return [`ctrl-${input}`];
  if (key.tab) return [key.shift ? 'shift-tab' : 'tab'];
  const named = NAMED_KEYS.find(([flag]) => key[flag]);
  if (named) return [named[1]];
  return Array.from(input, (character) => TYPED_KEYS[character] ?? character);
}

type Style = Partial<Record<'color', string> & Record<'dimColor' | 'bold', boolean>>;

const STYLES: Record<Tone, Style> = {
  plain: {},
  dim: { dimColor: true },
  good: { color: 'green' },
  warn: { color: 'yellow' },
  bad: { color: 'red' },
  accent: { color: 'cyan' },
  title: { bold: true },
};
const COLOURLESS: Record<Tone, Style> = {
  ...STYLES,
  dim: {},
  good: {},
  warn: {},
  bad: {},
  accent: {},
};

/** Lines of spans, each exactly one row of the terminal. */
export function Lines({ lines, colour }: { lines: readonly Line[]; colour: boolean }) {
  const styles = colour ? STYLES : COLOURLESS;
  return (
    <Box flexDirection="column">
      {lines.map((line, row) => (
        <Text key={row} wrap="truncate">
          {line.length === 0 ? ' ' : null}
          {joinTones(line).map(({ text, tone }, i) =>
            tone === 'plain' ? (
              text
            ) : (
              <Text key={i} {...styles[tone]}>
                {text}
              </Text>
            ),
          )}
        </Text>
      ))}
    </Box>
  );
}

/** Shows the screen until the user quits, or `ended` resolves. */
export async function showScreen(options: ScreenOptions, ended?: Promise<unknown>): Promise<void> {
  const frames = new FrameStream(process.stdout);
  frames.open();
  try {
    const app = render(<Screen {...options} />, {
      stdout: frames as unknown as NodeJS.WriteStream,
      exitOnCtrlC: false,
      // Hands over every frame in full; the stream knows what of it is new.
      debug: true,
    });
    void ended?.finally(() => app.unmount()).catch(() => undefined);
    await app.waitUntilExit();
  } finally {
    frames.close();
  }
}
