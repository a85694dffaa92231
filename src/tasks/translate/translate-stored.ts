import { documentKeys } from '../../documents/document-store.js';
import type { SystemContext } from '../system-task.js';
import { chooseEngine } from './choose-engine.js';
import type { EngineName, TranslationEngine } from './engine.js';
import { languageTag, type Direction } from './languages.js';
import { translateText } from './translate-text.js';

/** What a translation leaves in its job's record; the text itself lies in the document store. */
export interface Translation {
  engine: EngineName;
  /** As BCP 47 tags. */
  from: string;
  to: string;
  characters: number;
  paragraphs: number;
  /** Paragraphs, counted from 1, that stay in the original: a number of them was lost. */
  keptOriginal: number[];
  /** Paragraphs to look at: a name or code of the original is missing. */
  flagged: number[];
  textKey: string;
}

/** What translates, and from which language into which. */
export interface Translator {
  engine: TranslationEngine;
  direction: Direction;
}

/**
 * The engine for two languages, under any of their codes.
 * @throws UnrecoverableError that says how to get one.
 */
export function openTranslator(from: string, to: string, context: SystemContext): Translator {
  const direction = { from: languageTag(from), to: languageTag(to) };
  const { settings, programs } = context;
  return { engine: chooseEngine(settings.translation, direction, programs), direction };
}

/** Translates a text of a document that lies in the store, and stores the translation beside it. */
export async function translateStored(
  { documentId, textKey }: { documentId: string; textKey: string },
  { engine, direction }: Translator,
  context: SystemContext,
): Promise<Translation> {
  const { documents, signal, jobId } = context;
  const original = (await documents.get(textKey)).toString();
  const { text, ...counts } = await translateText(engine, original, direction, {
    signal,
    onProgress: (done, of) => context.progress(`translated ${done}/${of} paragraphs`),
  });
  const translatedKey = documentKeys.result(documentId, jobId, `text.${direction.to}.txt`);
  await documents.put(translatedKey, Buffer.from(text));
  return {
    engine: engine.name,
    ...direction,
    characters: text.length,
    ...counts,
    textKey: translatedKey,
  };
}
