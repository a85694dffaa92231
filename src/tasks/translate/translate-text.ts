import type { TranslationEngine } from './engine.js';
import { findLoss, isLossless, type Loss } from './fidelity.js';
import type { Direction } from './languages.js';
import { splitBlocks, splitToLimit, type TextBlock } from './text-blocks.js';

/** What became of a text. Paragraphs are counted from 1, as they stand in the text. */
export interface TranslatedText {
  text: string;
  paragraphs: number;
  /** Left in the original: the engine lost a number or a unit of them twice. */
  keptOriginal: number[];
  /** Translated, but a name or code of the original is not in it. */
  flagged: number[];
}

/** A paragraph longer than this is translated in parts that end where sentences end. */
const LONGEST_PART = 1500;

export interface TranslateOptions {
  signal: AbortSignal;
  /** Told how many paragraphs are done, of how many. */
  onProgress(done: number, of: number): void;
}

/** So many paragraphs are sent at once: between two packs a job can be told to end. */
const PACK = 40;

/**
 * Translates a text paragraph by paragraph and checks that numbers, units and names came through.
 * What lost one is tried once more with the lost words pointed out. A paragraph that still lacks a
 * number stays in the original: a wrong dose is worse than an untranslated line.
 */
export async function translateText(
  engine: TranslationEngine,
  text: string,
  direction: Direction,
  options: TranslateOptions,
): Promise<TranslatedText> {
  const blocks = splitBlocks(text);
  const toTranslate = blocks.filter(({ translate }) => translate);
  const result: TranslatedText = {
    text: '',
    paragraphs: toTranslate.length,
    keptOriginal: [],
    flagged: [],
  };
  for (let start = 0; start < toTranslate.length; start += PACK) {
    options.onProgress(start, toTranslate.length);
    const pack = toTranslate.slice(start, start + PACK);
    const checked = await translatePack(engine, pack, direction, options.signal);
    checked.forEach(({ text: translation, loss }, i) => {
      const block = pack[i] as TextBlock;
      const number = start + i + 1;
      if (loss.amounts.length > 0) result.keptOriginal.push(number);
      else block.text = translation;
      if (loss.amounts.length === 0 && loss.names.length > 0) result.flagged.push(number);
    });
  }
  result.text = blocks.map((block) => block.text).join('');
  return result;
}

interface Checked {
  text: string;
  loss: Loss;
}

async function translatePack(
  engine: TranslationEngine,
  pack: readonly TextBlock[],
  direction: Direction,
  signal: AbortSignal,
): Promise<Checked[]> {
  const originals = pack.map(({ text }) => text);
  const first = check(originals, await translateParts(engine, originals, direction, { signal }));
  const checked: Checked[] = [];
  for (const [i, attempt] of first.entries()) {
    const original = originals[i] as string;
    if (isLossless(attempt.loss)) checked.push(attempt);
    else checked.push(await again(engine, original, attempt, direction, signal));
  }
  return checked;
}

/** Engines that can be told what they lost get a second chance. @returns the better of the two. */
async function again(
  engine: TranslationEngine,
  original: string,
  first: Checked,
  direction: Direction,
  signal: AbortSignal,
): Promise<Checked> {
  if (!engine.canKeep) return first;
  const keep = [...first.loss.amounts, ...first.loss.names];
  const translated = await translateParts(engine, [original], direction, { signal, keep });
  const [second] = check([original], translated);
  return second && lossOf(second) < lossOf(first) ? second : first;
}

function lossOf({ loss }: Checked): number {
  return loss.amounts.length * 1000 + loss.names.length;
}

function check(originals: readonly string[], translations: readonly string[]): Checked[] {
  return originals.map((original, i) => {
    const text = translations[i] ?? '';
    return { text, loss: findLoss(original, text) };
  });
}

/** Translates each text, long ones in parts. */
async function translateParts(
  engine: TranslationEngine,
  texts: readonly string[],
  direction: Direction,
  options: { signal: AbortSignal; keep?: readonly string[] },
): Promise<string[]> {
  const parts = texts.map((text) => splitToLimit(text, LONGEST_PART, direction.from));
  const translated = await engine.translate(
    parts.flat().map((part) => part.trim()),
    direction,
    options,
  );
  return parts.map((own) => translated.splice(0, own.length).join(' '));
}
