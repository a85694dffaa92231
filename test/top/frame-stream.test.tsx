import { EventEmitter } from 'node:events';
import { render } from 'ink';
import { expect, it } from 'vitest';
import { FrameStream } from '../../src/top/frame-stream.js';
import { Lines } from '../../src/top/screen.js';
import { drawScreen } from '../../src/top/draw-screen.js';
import { afterEvent } from '../../src/top/state.js';
import { busySnapshot, NOW, stateOf, textsOf } from '../support/top-states.js';

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
  frames.write('one\ntwo\nthree');
  expect(terminal.take().match(/\u001b\[\d+;1H/g)).toEqual([
    '\u001b[1;1H',
    '\u001b[2;1H',
    '\u001b[3;1H',
  ]);
  frames.write('one\n2\nthree');
  const change = terminal.take();
  expect(change).toContain('\u001b[2;1H\u001b[2K2');
  expect(change).not.toMatch(/one|three/);
  frames.write('one\n2\nthree');
  expect(terminal.take()).toBe('');
  frames.write('one');
  expect(terminal.take().match(/\u001b\[\d+;1H/g)).toEqual(['\u001b[2;1H', '\u001b[3;1H']);
  let resized = 0;
  frames.on('resize', () => (resized += 1));
  terminal.rows = 2;
  terminal.emit('resize');
  frames.write('one\n2\nthree');
  expect(terminal.take()).toMatch(/\u001b\[2J.*one.*2(?!.*three)/s);
  frames.close();
  expect(terminal.take()).toContain('\u001b[?1049l');
  terminal.emit('resize');
  expect([resized, terminal.take()]).toEqual([1, '']);
});

it.each([true, false])('shows through Ink just the lines that were drawn, colour: %s', (colour) => {
  const terminal = new FakeTerminal();
  const frames = new FrameStream(terminal as never);
  const draw = (now: number) =>
    drawScreen(afterEvent(stateOf(busySnapshot()), { kind: 'tick', now }), {
      width: 80,
      height: 24,
    });
  const options = { stdout: frames as never, debug: true };
  const app = render(<Lines lines={draw(NOW)} colour={colour} />, options);
  const shown = withoutColours(terminal.take())
    .split(/\u001b\[\d+;1H\u001b\[2K/)
    .slice(1)
    .map((line) => line.replaceAll(/\u001b.*$/g, '').trimEnd());
  expect(shown).toEqual(textsOf(draw(NOW)));
  app.rerender(<Lines lines={draw(NOW + 1000)} colour={colour} />);
  // A second later only the clock differs.
  expect(terminal.take().match(/\u001b\[\d+;1H/g)).toEqual(['\u001b[1;1H']);
  app.unmount();
});
