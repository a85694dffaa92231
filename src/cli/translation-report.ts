import { translationOf } from '../client/result-keys.js';
import type { DocumentStore } from '../documents/document-store.js';
import { oneLine } from '../shown-text.js';
import { shownPlace } from './output.js';

/** What became of a translation that was asked for. */
export interface TranslationReport {
  engine: string;
  from: string;
  to: string;
  /** Paragraphs, from 1, that stay in the original, and those to look at. */
  keptOriginal: number[];
  flagged: number[];
  firstLine: string;
  /** Where the translation lies. */
  result: string;
}

export async function reportTranslation(
  documents: DocumentStore,
  result: unknown,
): Promise<TranslationReport | undefined> {
  const translation = translationOf(result);
  if (!translation) return undefined;
  const { engine, from, to, keptOriginal, flagged, textKey } = translation;
  const text = (await documents.get(textKey)).toString('utf8');
  const firstLine = (text.split('\n').find((line) => line.trim() !== '') ?? '').trim();
  const found = { engine, from, to, keptOriginal, flagged };
  return { ...found, firstLine, result: documents.locate(textKey) };
}

/** Lines for people, none when nothing was translated. */
export function describeTranslation(report: TranslationReport | undefined): string[] {
  if (!report) return [];
  const { engine, from, to, keptOriginal, flagged, firstLine, result } = report;
  const paragraphs = (numbers: readonly number[], what: string): string[] =>
    numbers.length === 0 ? [] : [`${what}: paragraph ${numbers.join(', ')}`];
  return [
    `${from} > ${to} by ${engine}: ${oneLine(firstLine)}`,
    shownPlace(result),
    ...paragraphs(keptOriginal, 'kept in the original, since a number got lost'),
    ...paragraphs(flagged, 'to be looked at, since a name got lost'),
  ];
}
