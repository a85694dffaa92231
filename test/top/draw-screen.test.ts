import stringWidth from 'fast-string-width';
import { describe, expect, it } from 'vitest';
import { drawScreen, type ScreenSize } from '../../src/top/draw-screen.js';
import { pressKey } from '../../src/top/keys.js';
import { afterEvent, type TopState } from '../../src/top/state.js';
import { systemSnapshot, workerSnapshot } from '../support/snapshots.js';
import {
  busySnapshot,
  emptyState,
  listedJob,
  NOW,
  stateOf,
  textsOf,
} from '../support/top-states.js';

const SMALL = { width: 80, height: 24 };

function draw(state: TopState, size: ScreenSize = SMALL): string {
  return textsOf(drawScreen(state, size)).join('\n');
}
const press = (state: TopState, ...keys: string[]): TopState =>
  keys.reduce((before, key) => pressKey(before, key).state, state);

describe('the screen', () => {
  it.each([
    /^ dsw top {2}redis:\/\/10\.0\.0\.4:6379 0\.4 ms {2}beat-7f2c +\d\d:\d\d:\d\d$/m,
    /^ slots █+░+ 6\/8 {2}75 %: good, room for a burst, 1 lost$/m,
    /^ flow {2}in 6\d\d\/h {2}done 5\d\/h {2}ok 93\.3 % {2}oldest waits 1m04s$/m,
    /^ times wait p50 [\d.]+s p95 [\d.]+s {3}service p50 1m\d\ds p95 1m\d\ds {2}last 15 m$/m,
    /^ do {4}add 1 \(2 → 3\): 1 lost, start as many again$/m,
    /^▸1 QUEUES {2}12 waiting, 2 running, 1 delayed {2}paused: low_priority ─+$/m,
    /^ {3}default +!12 +0 +1 +3 +1m04s [▁-█]{15} +6\d\d$/m,
    /^▸ {2}high_priority +0 +2 +0 +0 +– /m,
    /^ {3}low_priority ‖ /m,
    /^ 2 WORKERS {2}2 running, 1 lost ─+$/m,
    /^ {3}worker-a1b2 +\[██░░\] 2\/4 +10 % +512 MB 6 % +1m00s /m,
    /^ {3}worker-c3d4 +\[████\] 4\/4 +10 % +!7\.1 GB 89 % /m,
    /^ {3}worker-e5f6 +lost 34s /m,
    /^ 3 TASKS {2}\[running 2\] waiting 12 {2}delayed 1 {2}done 13 {2}dead 3 /m,
    /^ 4 DEAD LETTERS {2}3, the last: page 3 is upside down ─+$/m,
    /^ 6 ALERTS {2}7: ! 1 worker lost: worker-e5f6 gave no sign of life for 34s ─+$/m,
    /^ q quit {2}\? help {2}P pause /m,
  ])('shows at 80 × 24 %s', (expected) => {
    expect(draw(stateOf(busySnapshot()))).toMatch(expected);
  });

  const sizes = [
    SMALL,
    { width: 60, height: 24 },
    { width: 40, height: 12 },
    { width: 20, height: 5 },
    { width: 120, height: 40 },
    { width: 200, height: 50 },
  ];
  const screens: [string, TopState][] = [
    ['at first', emptyState()],
    ['busy', stateOf(busySnapshot())],
    ['empty', stateOf(systemSnapshot())],
    ...['2', '3', '4', '5', '6'].map((key): [string, TopState] => [
      `pane ${key}`,
      press(stateOf(busySnapshot()), key),
    ]),
    ['dead tasks', press(stateOf(busySnapshot()), '3', 'left')],
    ['a detail', press(stateOf(busySnapshot()), '2', 'enter')],
    ['help', press(stateOf(busySnapshot()), '?')],
    ['a question', press(stateOf(busySnapshot()), 'P')],
    ['a filter', press(stateOf(busySnapshot()), '/', 'x', 'y')],
  ];
  it.each(screens)(
    'fills the terminal exactly, whatever its size, and never wraps: %s',
    (_, state) => {
      for (const size of sizes) {
        const lines = drawScreen(state, size);
        expect(lines).toHaveLength(size.height);
        for (const line of textsOf(lines))
          expect(stringWidth(line), line).toBeLessThanOrEqual(size.width);
      }
    },
  );

  it('drops columns from the right as it gets narrower', () => {
    const titles = (width: number): string =>
      draw(stateOf(busySnapshot()), { width, height: 24 })
        .split('\n')
        .find((line) => line.includes('waiting running'))!;
    expect(titles(200)).toMatch(
      /queue +waiting running delayed +dead +oldest in, last 15 m +in\/h +done\/h waiting, 15 m +wait p95 norm$/,
    );
    expect(titles(80)).toMatch(/oldest in, last 15 m +in\/h$/);
    expect(titles(60)).toMatch(/oldest$/);
  });

  it('gives a terminal with few rows to the pane in focus', () => {
    const lines = draw(press(stateOf(busySnapshot()), '2'), { width: 60, height: 12 }).split('\n');
    expect(lines[5]).toMatch(/^▸2 WORKERS /);
    expect(lines.slice(7, 10).join()).toMatch(/worker-a1b2.*worker-c3d4.*worker-e5f6/);
  });

  it('shows many slots in few cells, and in the title why free ones take nothing', () => {
    const suspect = { cause: 'suspect', reason: 'j1 runs alone' } as const;
    const workers = [
      workerSnapshot({ id: 'w-1', slots: 16, busy: 16 }),
      workerSnapshot({ id: 'w-2', slots: 8, busy: 1, idle: suspect }),
    ];
    const screen = draw(stateOf(systemSnapshot({ workers })));
    expect(screen).toMatch(/^ {3}w-1 +\[████\] 16\/16 /m);
    expect(screen).toMatch(/^ {3}w-2 +\[█░░░\] 1\/8 ! /m);
    expect(screen).toMatch(/^ 2 WORKERS {2}2 running {2}! w-2: j1 runs alone ─+$/m);
  });

  it('shows charts of the last quarter of an hour where there is room, from the first picture on', () => {
    expect(draw(stateOf(busySnapshot()))).not.toContain('in/min');
    const tall = draw(stateOf(busySnapshot()), { width: 200, height: 50 });
    expect(tall).toMatch(
      /in\/min {2}now 10, most 10 +done\/min {2}now 1, most 1 +waiting {2}now 12, most 13 +wait p95 {2}now [\d.]+s, most /,
    );
    expect(tall).toMatch(/ (██){10}/);
  });

  it('gives the pane in focus more rows, and keeps its cursor in sight', () => {
    const workers = Array.from({ length: 50 }, (_, i) =>
      workerSnapshot({ id: `worker-${i + 100}` }),
    );
    const down = Array.from({ length: 30 }, () => 'down');
    const screen = draw(press(stateOf(busySnapshot({ workers })), '2', ...down));
    expect(screen).toMatch(/^▸ {2}worker-130 /m);
    expect(screen).toMatch(/^▸2 WORKERS .*─ \d+–\d+ of 50 ─$/m);
    expect(screen.match(/^.{3}worker-1\d\d/gm)!.length).toBeGreaterThanOrEqual(6);
    expect(screen).toMatch(/^ {3}default +!12/m);
  });

  it('says that Redis is silent and dims the last picture', () => {
    const before = stateOf(busySnapshot());
    const silent = afterEvent(before, { kind: 'tick', now: NOW + 12_400 });
    const lines = drawScreen(silent, SMALL);
    expect(textsOf(lines)[0]).toContain('no answer for 12s, retrying');
    expect(textsOf(lines).slice(5)).toEqual(textsOf(drawScreen(before, SMALL)).slice(5));
    const tones = lines.slice(1, 23).flatMap((line) => line.map(({ tone }) => tone));
    expect(new Set(tones)).toEqual(new Set(['dim']));
    const told = afterEvent(silent, {
      kind: 'trouble',
      reason: 'connect ECONNREFUSED 10.0.0.4:6379',
      now: NOW + 13_000,
    });
    expect(draw(told)).toContain('no answer for 13s, retrying (ECONNREFUSED)');
    const back = { kind: 'snapshot' as const, snapshot: busySnapshot(), now: NOW + 14_000 };
    expect(draw(afterEvent(told, back))).not.toContain('no answer');
  });

  it('says what to type when nothing is there', () => {
    const screen = draw(stateOf(systemSnapshot({ beats: [] })));
    expect(screen).toContain('no worker runs; start one: dsw worker --concurrency 4');
    expect(screen).toContain('do    add 1 (0 → 1): no worker runs');
    expect(screen).toContain('no scheduler runs');
    expect(screen).toContain('nothing runs; send something: dsw submit <file>');
  });

  it('shows what runs, and how long tasks take beside their last day', () => {
    const screen = draw(press(stateOf(busySnapshot()), '3'));
    expect(screen).toMatch(/^ {3}last 15 m +mean +day +p95 +day +done +failed +limit$/m);
    expect(screen).toMatch(/^ {3}ocr +1m10s {3}– +1m\d\ds {3}– +14 +1 +–$/m);
    expect(screen).toMatch(/^▸ {2}ocr +intake-0412 with a ve… page 3\/7 +1m00s worker-a1b2/m);
  });

  it('puts nothing of what users name their files in charge of the terminal', () => {
    const label = 'a\u001b[2Jb\r\nc\u0007 日本語の文書.pdf';
    const dead = [listedJob({ label, reason: 'x\ty' })];
    const jobs = { waiting: [], split: [], delayed: [], done: [], dead };
    const screen = draw(press(stateOf(busySnapshot({ jobs })), '4'));

    expect(screen.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f]/);
    expect(screen).toMatch(/a \[2Jb c +日本語の文…? +1m00s/);
  });

  it('shows the detail of what the cursor is on, and what became of a command for a while', () => {
    expect(draw(press(stateOf(busySnapshot()), '4', 'enter'))).toMatch(
      /reason +page 3 is upside down\n all of it +dsw jobs show ja/,
    );
    const note = { kind: 'note' as const, text: 'paused default', tone: 'good' as const };
    const noted = afterEvent(stateOf(busySnapshot()), note);
    expect(draw(noted).split('\n').at(-1)).toBe(' paused default');
    const later = afterEvent(noted, { kind: 'tick', now: NOW + 7000 });
    expect(draw(later)).not.toContain('paused default');
  });
});
