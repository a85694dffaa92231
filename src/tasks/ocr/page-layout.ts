import type { LayoutIterator, TesseractApi, TesseractCore } from './tesseract-core.js';

/** What layout analysis sees of the page as it lies in the engine. */
export interface Layout {
  sideways: boolean;
  /** Of most of its lines. */
  tiltRadians: number;
  /** Between the tilts of the middle half of its lines: a degree or more on a photo in perspective. */
  spreadRadians: number;
}

const BLOCK_LEVEL = 0;
const LINE_LEVEL = 2;
/** Tesseract's writing direction of text that runs down or up the page. */
const TOP_TO_BOTTOM = 2;
/** The baseline of a shorter line says nothing of the page's tilt. */
const LINE_PIXELS = 50;

/** The page needs it to be read anyway: what it costs is paid once. */
export function analyseLayout(core: TesseractCore, api: TesseractApi): Layout {
  const elements = api.AnalyseLayout();
  const tiltRadians = api.GetGradient();
  if (elements.Empty(BLOCK_LEVEL)) return { sideways: false, tiltRadians, spreadRadians: 0 };
  const numbers = core._malloc(16);
  const sideways = areMostSideways(elements, numbers, core);
  elements.Begin();
  const spreadRadians = spreadOf(tiltsOf(elements, numbers, core));
  core._free(numbers);
  core.destroy(elements);
  return { sideways, tiltRadians, spreadRadians };
}

/** @param numbers address of room for four. */
function areMostSideways(blocks: LayoutIterator, numbers: number, core: TesseractCore): boolean {
  let [sideways, all] = [0, 0];
  do {
    blocks.Orientation(numbers, numbers + 4, numbers + 8, numbers + 12);
    if (core.getValue(numbers + 4, 'i32') === TOP_TO_BOTTOM) sideways += 1;
    all += 1;
  } while (blocks.Next(BLOCK_LEVEL));
  return sideways * 2 > all;
}

/** Of the lines whose tilt is known. */
function tiltsOf(lines: LayoutIterator, numbers: number, core: TesseractCore): number[] {
  const tilts: number[] = [];
  const at = (i: number): number => core.getValue(numbers + 4 * i, 'i32');
  do {
    if (!lines.Baseline(LINE_LEVEL, numbers, numbers + 4, numbers + 8, numbers + 12)) continue;
    const [width, rise] = [at(2) - at(0), at(3) - at(1)];
    // Where it can't fit a baseline, Tesseract has a level one.
    if (width > LINE_PIXELS && rise !== 0) tilts.push(rise / width);
  } while (lines.Next(LINE_LEVEL));
  return tilts;
}

/** From the first to the last quarter. */
function spreadOf(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const margin = Math.floor(sorted.length / 4);
  return (sorted.at(-1 - margin) ?? 0) - (sorted[margin] ?? 0);
}
