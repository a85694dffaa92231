import { formatSeconds } from '../planning/readable.js';
import { describeUtilization } from '../planning/utilization.js';
import { describeThroughput } from '../planning/flow-figures.js';
import type { DurationFigures } from '../planning/duration-figures.js';
import type { SystemSnapshot } from '../planning/snapshot.js';
import { bar } from './graphics.js';
import { span, textOf, type Line, type Span, type Tone } from './line.js';
import type { Picture } from '../monitor/picture.js';
import { silentSeconds, type TopState } from './state.js';

const BAND_TONES = {
  'over-provisioned': 'accent',
  good: 'good',
  high: 'warn',
  'at capacity': 'bad',
} as const;
/** The bar leaves room for the longest advice, so that it keeps its length; and for what is rare. */
const ADVICE_WIDTH = 62;
const BAR_WIDTHS = { least: 8, most: 40 };

/** The top lines: is it enough, does it flow, what is to be done. */
export function drawHeader(state: TopState, width: number): Line[] {
  const first = titleLine(state, width);
  if (!state.picture) return [first, [span(' waiting for the first picture …', 'dim')]];
  const { figures, decision } = state.picture;
  const { flow, service } = figures;
  return [
    first,
    capacityLine(state.picture, width),
    [
      span(' flow  ', 'dim'),
      span(`${describeThroughput(flow)}  `),
      successSpan(flow.successRate),
      span(
        figures.oldestWaitSeconds === undefined
          ? '  nothing waits'
          : `  oldest waits ${formatSeconds(figures.oldestWaitSeconds)}`,
      ),
    ],
    [
      span(' times ', 'dim'),
      span(`wait ${percentiles(flow.wait)}   service ${percentiles(service)}`),
      span('  last 15 m', 'dim'),
    ],
    [
      span(' do    ', 'dim'),
      span(decision.reason, decision.reason.startsWith('keep') ? 'plain' : 'title'),
    ],
  ];
}

function titleLine(state: TopState, width: number): Line {
  const silent = silentSeconds(state);
  const clock = new Date(state.now).toTimeString().slice(0, 8);
  const left: Span[] = [span(` ${state.title}`, 'title'), span(`  ${state.address}`, 'dim')];
  if (silent !== undefined) {
    // Its code says it in few cells.
    const trouble = /\bE[A-Z]{4,}\b/.exec(state.trouble ?? '')?.[0] ?? state.trouble;
    const why = trouble === undefined ? '' : ` (${trouble})`;
    left.push(span(`  no answer for ${formatSeconds(Math.floor(silent))}, retrying${why}`, 'bad'));
  } else if (state.picture) {
    const { snapshot } = state.picture;
    left.push(span(` ${snapshot.redis.roundTripMs.toFixed(1)} ms`, 'dim'), ...beatSpans(snapshot));
  }
  const used = left.reduce((sum, { text }) => sum + text.length, 0);
  const gap = width - used - clock.length - 1;
  return gap > 0 ? [...left, span(' '.repeat(gap)), span(clock, 'dim')] : left;
}

function beatSpans({ beats }: SystemSnapshot): Span[] {
  const holder = beats.find((beat) => beat.holder);
  if (!holder) return [span('  no beat', 'warn')];
  const standbys = beats.length - 1;
  return [span(`  ${holder.id}${standbys > 0 ? ` (+${standbys} standby)` : ''}`, 'dim')];
}

function capacityLine({ figures }: Picture, width: number): Line {
  const { slots, busy, band, startingSlots, workers } = figures.capacity;
  if (slots === 0) {
    const what =
      startingSlots > 0
        ? `${startingSlots} starting`
        : 'none: no worker runs; start one: dsw worker';
    return [span(' slots ', 'dim'), span(what, 'warn')];
  }
  const tone: Tone = BAND_TONES[band.name];
  const label = span(' slots ', 'dim');
  const beside = [
    span(` ${busy}/${slots}  `),
    span(describeUtilization(figures.capacity), tone),
    ...(startingSlots > 0 ? [span(`, ${startingSlots} starting`)] : []),
    ...(workers.lost > 0 ? [span(`, ${workers.lost} lost`, 'bad')] : []),
  ];
  const room = Math.min(width - ADVICE_WIDTH, width - textOf([label, ...beside]).length);
  const barWidth = Math.max(BAR_WIDTHS.least, Math.min(BAR_WIDTHS.most, room));
  return [label, span(bar(busy / slots, barWidth), tone), ...beside];
}

function successSpan(rate: number | undefined): Span {
  if (rate === undefined) return span('ok –');
  const tone = rate < 0.9 ? 'bad' : rate < 0.95 ? 'warn' : 'plain';
  const percent = rate < 1 ? Math.min(99.9, rate * 100).toFixed(1) : '100';
  return span(`ok ${percent} %`, tone);
}

function percentiles({ p50Seconds, p95Seconds }: DurationFigures): string {
  const text = (seconds: number | undefined): string =>
    seconds === undefined ? '–' : formatSeconds(seconds);
  return `p50 ${text(p50Seconds)} p95 ${text(p95Seconds)}`;
}
