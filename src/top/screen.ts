import { render, useApp, useInput } from 'ink';
import { createElement, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { messageOf } from '../errors.js';
import type { MonitorNews } from '../monitor/monitor.js';
import { drawScreen, type ScreenSize } from './draw-screen.js';
import { FrameStream } from './frame-stream.js';
import { keyNames } from './key-names.js';
import { pressKey } from './keys.js';
import { afterEvent, initialState, type Command, type TopEvent, type TopState } from './state.js';
import { styled } from './style.js';

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

/**
 * The live screen. Ink reads its keys and holds its life cycle; it paints by itself, as Ink would
 * take apart every cell of every frame: nearly half of a refresh on a large terminal.
 */
export function Screen({ frames, ...options }: ScreenOptions & { frames: FrameStream }) {
  const { act, colour } = options;
  const { exit } = useApp();
  const size = useSize(frames);
  const { state, latest, change, happen } = useTopState(options);
  const press = (key: string): void => {
    const { state: next, action } = pressKey(latest.current, key);
    change(next);
    if (action?.kind === 'quit') exit();
    else if (action) {
      act(action).then(
        (text) => happen({ kind: 'note', text, tone: 'good' }),
        (error: unknown) => happen({ kind: 'note', text: messageOf(error), tone: 'bad' }),
      );
    }
  };
  useInput((input, key) => keyNames(input, key).forEach(press));
  useLayoutEffect(() => {
    frames.show(drawScreen(state, size).map((line) => styled(line, colour)));
  }, [frames, state, size, colour]);
  return null;
}

/** The state of the screen, which goes on with the news and the clock. */
function useTopState(options: ScreenOptions) {
  const { subscribe } = options;
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
  return { state, latest, change, happen };
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

function useSize(frames: FrameStream): ScreenSize {
  const measure = useCallback(() => ({ width: frames.columns, height: frames.rows }), [frames]);
  const [size, setSize] = useState(measure);
  useEffect(() => {
    const onResize = (): void => setSize(measure());
    frames.on('resize', onResize);
    return () => {
      frames.off('resize', onResize);
    };
  }, [frames, measure]);
  return size;
}

/** Shows the screen until the user quits, or `ended` resolves. */
export async function showScreen(options: ScreenOptions, ended?: Promise<unknown>): Promise<void> {
  const frames = new FrameStream(process.stdout);
  frames.open();
  try {
    const app = render(createElement(Screen, { ...options, frames }), {
      stdout: frames as unknown as NodeJS.WriteStream,
      exitOnCtrlC: false,
    });
    void ended?.finally(() => app.unmount()).catch(() => undefined);
    await app.waitUntilExit();
  } finally {
    frames.close();
  }
}
