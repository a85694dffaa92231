import { EventEmitter } from 'node:events';
import { render } from 'ink';
import { createElement } from 'react';
import { expect, it } from 'vitest';
import type { MonitorNews } from '../../src/monitor/monitor.js';
import { FrameStream } from '../../src/top/frame-stream.js';
import { Screen } from '../../src/top/screen.js';
import { drawScreen } from '../../src/top/draw-screen.js';
import { silentKeyboard } from '../support/silent-keyboard.js';
import { busySnapshot, emptyState, stateOf, textsOf } from '../support/top-states.js';

/** A terminal that remembers what it was sent. */
class FakeTerminal extends EventEmitter {
  columns = 80;
  rows = 24;
  sent = '';
  write = (text: string): boolean => {
    this.sent += text;
    return true;
  };

  /** What came since the last time. */
  take(): string {
    const { sent } = this;
    this.sent = '';
    return sent;
  }
}

const withoutColours = (text: string): string => text.replaceAll(/\u001b\[[\d;]*m/g, '');

it('writes only the lines that changed, each at its place, and all after a resize', () => {
  const terminal = new FakeTerminal();
  const frames = new FrameStream(terminal as never);
  frames.open();
  expect(terminal.take()).toContain('\u001b[?1049h');
  frames.show(['one', 'two', 'three']);
  expect(terminal.take().match(/\u001b\[\d+;1H/g)).toEqual([
    '\u001b[1;1H',
    '\u001b[2;1H',
    '\u001b[3;1H',
  ]);
  frames.show(['one', '2', 'three']);
  const change = terminal.take();
  expect(change).toContain('\u001b[2;1H\u001b[2K2');
  expect(change).not.toMatch(/one|three/);
  frames.show(['one', '2', 'three']);
  expect(terminal.take()).toBe('');
  frames.show(['one']);
  expect(terminal.take().match(/\u001b\[\d+;1H/g)).toEqual(['\u001b[2;1H', '\u001b[3;1H']);
  let resized = 0;
  frames.on('resize', () => (resized += 1));
  terminal.rows = 2;
  terminal.emit('resize');
  frames.show(['one', '2', 'three']);
  expect(terminal.take()).toMatch(/\u001b\[2J.*one.*2(?!.*three)/s);
  frames.close();
  expect(terminal.take()).toContain('\u001b[?1049l');
  terminal.emit('resize');
  expect([resized, terminal.take()]).toEqual([1, '']);
});

it.each([true, false])(
  'shows the screen just as it is drawn, through Ink, colour: %s',
  async (colour) => {
    const terminal = new FakeTerminal();
    const frames = new FrameStream(terminal as never);
    let tell: (news: MonitorNews) => void = () => undefined;
    const screen = createElement(Screen, {
      ...{ ...emptyState(), frames, colour, news: { snapshot: busySnapshot() } },
      subscribe(listener: typeof tell) {
        tell = listener;
        return () => undefined;
      },
      act: () => Promise.resolve(''),
    });
    const app = render(screen, {
      stdout: frames as never,
      stdin: silentKeyboard(),
      patchConsole: false,
    });
    const sent = terminal.take();
    const shown = withoutColours(sent)
      .split(/\u001b\[\d+;1H\u001b\[2K/)
      .slice(1)
      .map((line) => line.replaceAll(/\u001b.*$/g, '').trimEnd());
    const drawn = textsOf(drawScreen(stateOf(busySnapshot()), { width: 80, height: 24 }));
    expect(shown.slice(1)).toEqual(drawn.slice(1));
    expect(sent.includes('\u001b[33m')).toBe(colour);
    tell({ snapshot: busySnapshot({ workers: [] }) });
    await expect.poll(() => terminal.take()).toContain('no worker runs');
    app.unmount();
  },
);
