import { bearsInk } from './page-ink.js';
import { analyseLayout, type Layout } from './page-layout.js';
import { meanConfidence, readTsv, weightOf, type PageReading } from './page-reading.js';
import type { TesseractApi, TesseractCore } from './tesseract-core.js';

/** A page to be read: an image in a format that Leptonica decodes. */
export interface PageImage {
  bytes: Uint8Array;
  /** Its resolution, where that is known better than from the image itself. */
  dpi?: number;
}

/** How an image is turned before it is read: clockwise by quarters, then against its tilt. */
interface Pose {
  quarters: number;
  radians: number;
}

interface Attempt {
  pose: Pose;
  reading: PageReading;
}

/** What EXIF calls an image that has to be turned by so many quarters. */
const EXIF_OF_QUARTERS = [1, 6, 3, 8];
const AS_IT_LIES: Pose = { quarters: 0, radians: 0 };
/** Less tilt (1°) than this Tesseract reads as well as it lies; from 2° on, it loses whole lines. */
const TILT_RADIANS = toRadians(1);
/** Layout analysis finds no lines on a page that lies askew by more than about 10°. */
const TILTS_TO_TRY = [10, -10, 20, -20].map(toRadians);
/** Upright text is read with a confidence of 75–97 %, text on its head with 25–45 %. */
const DOUBTFUL_CONFIDENCE = 60;
/** Tesseract's `thresholding_method`: one threshold for the page (Otsu), or for each spot (Sauvola). */
const THRESHOLD = { ofPage: '0', ofSpot: '2' };
/** Sauvola's k; by Tesseract's own 0.34 two thirds of the words of a faint copy stay white. */
const FAINT_INK = '0.1';

/**
 * Reads the page image at /input the way it was meant to be read. Layout analysis, which every
 * page needs anyway, tells tilt and lines that run sideways; which end is up shows in the
 * confidence. A page that lies straight costs nothing more; Tesseract's own detection (DetectOS)
 * would cost every page half as much again, and another language package.
 * @param keep leave the engine with the reading that is returned, for outputs of its own.
 * @returns the reading, or undefined when the image can't be decoded.
 */
export function readUpright(
  core: TesseractCore,
  api: TesseractApi,
  dpi: number | undefined,
  keep: boolean,
): PageReading | undefined {
  const reader = new PageReader(core, api, dpi);
  if (!reader.place(AS_IT_LIES)) return undefined;
  const pose = reader.choosePose();
  let best = reader.attempt(pose);
  if (best.reading.words.length === 0) {
    // Before the image is turned: that makes corners.
    const inked = bearsInk(core, api);
    const found = reader.searchShades() ?? reader.searchTilts();
    if (!found) {
      if (keep) reader.attempt(AS_IT_LIES);
      return inked ? { ...best.reading, unread: true } : best.reading;
    }
    best = found;
  }
  if (meanConfidence(best.reading) < DOUBTFUL_CONFIDENCE) {
    const { quarters, radians } = best.pose;
    best = better(best, reader.attempt({ quarters: (quarters + 2) % 4, radians }));
    // Chinese and Japanese may really be written downwards.
    if (pose.quarters !== 0 && meanConfidence(best.reading) < DOUBTFUL_CONFIDENCE)
      best = better(best, reader.attempt(AS_IT_LIES));
  }
  if (keep && reader.pose !== best.pose) reader.attempt(best.pose);
  return best.reading;
}

class PageReader {
  readonly #core: TesseractCore;
  readonly #api: TesseractApi;
  readonly #dpi: number | undefined;
  /** How the image lies in the engine. */
  pose: Pose = AS_IT_LIES;

  constructor(core: TesseractCore, api: TesseractApi, dpi: number | undefined) {
    this.#core = core;
    this.#api = api;
    this.#dpi = dpi;
  }

  /** Decodes and turns the image. @returns whether that worked. */
  place(pose: Pose): boolean {
    this.pose = pose;
    // Else it would be held beside the new one: a third of what a large page takes.
    this.#api.Clear();
    const failed = this.#api.SetImageFile(EXIF_OF_QUARTERS[pose.quarters] ?? 1, pose.radians) === 1;
    if (!failed && this.#dpi !== undefined) this.#api.SetSourceResolution(this.#dpi);
    return !failed;
  }

  /** How to turn the image, which lies as it does, so that its lines are level; head and foot aside. */
  choosePose(): Pose {
    return levelled(this.pose, analyseLayout(this.#core, this.#api));
  }

  attempt(pose: Pose): Attempt {
    if (!isSame(pose, this.pose)) this.place(pose);
    this.#api.Recognize(null);
    const { width, height, words } = readTsv(this.#api.GetTSVText(0));
    const dpi = this.#dpi ?? this.#api.GetSourceYResolution();
    const turnedDegrees = pose.quarters * 90 + Math.round((pose.radians * 1800) / Math.PI) / 10;
    const reading = { source: 'image', width, height, dpi, turnedDegrees, words } as const;
    this.pose = pose;
    return { pose, reading };
  }

  /** Looks for lines on a page that seems to have none: it may lie askew. */
  searchTilts(): Attempt | undefined {
    for (const radians of TILTS_TO_TRY) {
      this.place({ quarters: 0, radians });
      const attempt = this.attempt(levelled(this.pose, analyseLayout(this.#core, this.#api)));
      if (attempt.reading.words.length > 0) return attempt;
    }
    return undefined;
  }

  /** Looks for text on a page of several shades: grey paper beside white may have turned black. */
  searchShades(): Attempt | undefined {
    this.#api.SetVariable('thresholding_method', THRESHOLD.ofSpot);
    this.#api.SetVariable('thresholding_kfactor', FAINT_INK);
    this.place(AS_IT_LIES);
    const attempt = this.attempt(this.choosePose());
    this.#api.SetVariable('thresholding_method', THRESHOLD.ofPage);
    const { words } = attempt.reading;
    // On empty paper it finds specks.
    return words.length > 0 && meanConfidence(attempt.reading) >= DOUBTFUL_CONFIDENCE
      ? attempt
      : undefined;
  }
}

/**
 * The pose in which an image has level lines that lies in `pose` and shows this layout. A photo in
 * perspective stays: its lines have no tilt in common, and turning levels some and tilts others.
 */
function levelled({ quarters, radians }: Pose, layout: Layout): Pose {
  const { sideways, tiltRadians, spreadRadians } = layout;
  const tilt = Math.abs(tiltRadians);
  const isCommon = tilt >= TILT_RADIANS && spreadRadians < tilt / 2;
  return {
    quarters: (quarters + (sideways ? 3 : 0)) % 4,
    radians: isCommon ? radians + tiltRadians : radians,
  };
}

function better(a: Attempt, b: Attempt): Attempt {
  return weightOf(b.reading) > weightOf(a.reading) ? b : a;
}

function isSame(a: Pose, b: Pose): boolean {
  return a.quarters === b.quarters && a.radians === b.radians;
}

function toRadians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
