import { formatSeconds } from '../../planning/readable.js';
import { DRIFT_ARROWS, type Drift, type TaskFigures } from '../../planning/task-figures.js';
import { fit, span, type Line, type Span, type Tone } from '../line.js';

const DRIFT_TONES: Record<Drift, Tone> = {
  slower: 'warn',
  faster: 'good',
  steady: 'plain',
  unknown: 'plain',
};

/** How long each task takes now, beside its last day, and how long it may. */
export function timingLines(tasks: readonly TaskFigures[]): Line[] {
  if (tasks.length === 0) return [];
  const titles = ['last 15 m', 'mean', '  day', 'p95', '  day', 'done', 'failed', 'limit'];
  const widths = [20, 7, 8, 8, 8, 7, 7, 7];
  const cells = titles.map((title, i) =>
    fit(title, widths[i] ?? 0, i === 0 || title === '  day' ? 'left' : 'right'),
  );
  return [[span(`   ${cells.join('')}`, 'dim')], ...tasks.map(timingLine)];
}

function timingLine(figures: TaskFigures): Line {
  const { task, now, baseline, meanDrift, p95Drift, completed, failed, timeLimits } = figures;
  const seconds = (value: number | undefined): string =>
    value === undefined ? '–' : formatSeconds(value);
  const compare = (name: 'meanSeconds' | 'p95Seconds', drift: Drift, width: number): Span[] => [
    span(fit(seconds(now[name]), width, 'right')),
    span(` ${DRIFT_ARROWS[drift]} ${fit(seconds(baseline[name]), 5)}`, DRIFT_TONES[drift]),
  ];
  return [
    span(`   ${fit(task, 20)}`),
    ...compare('meanSeconds', meanDrift, 7),
    ...compare('p95Seconds', p95Drift, 8),
    span(fit(String(completed), 7, 'right')),
    span(fit(String(failed), 7, 'right'), failed > 0 ? 'warn' : 'plain'),
    span(fit(seconds(timeLimits.hardSeconds ?? timeLimits.softSeconds), 7, 'right')),
  ];
}
