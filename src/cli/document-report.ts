import type { DocumentStore } from '../documents/document-store.js';
import type { FollowedJob } from '../client/follow.js';
import type { JobEvent } from '../queues/job-watch.js';
import type { OcrResult } from '../tasks/ocr/ocr-output.js';
import { oneLine } from '../shown-text.js';
import { formatTable, shownPlace, type Column } from './output.js';
import {
  describeTranslation,
  reportTranslation,
  type TranslationReport,
} from './translation-report.js';

/** What became of one submitted document. */
export interface DocumentReport {
  document: string;
  documentId: string;
  jobId: string;
  queue: string;
  state: 'done' | 'dead';
  waitSeconds: number;
  serviceSeconds: number;
  pages?: number;
  meanConfidence?: number;
  /** Pages whose text had better be looked at. */
  lowPages?: number[];
  firstLine?: string;
  /** Where the text lies. */
  result?: string;
  /** Where the outputs lie that were asked for beside it, by format. */
  outputs?: Record<string, string>;
  /** When one was asked for. */
  translation?: TranslationReport;
  /** Why it failed. */
  reason?: string;
}

/** Reads the results of followed jobs. */
export async function reportDocuments(
  documents: DocumentStore,
  jobs: readonly FollowedJob[],
): Promise<DocumentReport[]> {
  return Promise.all(
    jobs.map(async ({ submission, record }) => {
      const { enqueuedAt, readyAt, startedAt = enqueuedAt } = record;
      // One that was split was ready a second time after its parts.
      const readySince = readyAt > startedAt ? enqueuedAt : readyAt;
      const report = {
        document: submission.name,
        documentId: submission.documentId,
        jobId: submission.jobId,
        queue: submission.queue,
        waitSeconds: Math.max(0, startedAt - readySince) / 1000,
        serviceSeconds: Math.max(0, (record.finishedAt ?? startedAt) - startedAt) / 1000,
      };
      if (record.state === 'dead')
        return { ...report, state: 'dead', reason: record.reason ?? 'no reason given' };
      const { result } = record;
      const translation = await reportTranslation(documents, result);
      return {
        ...report,
        state: 'done',
        ...(await readText(documents, result)),
        ...(translation && { translation }),
      };
    }),
  );
}

async function readText(
  documents: DocumentStore,
  result: unknown,
): Promise<Partial<DocumentReport>> {
  if (typeof result !== 'object' || result === null || !('textKey' in result)) return {};
  const { textKey, outputs = {}, ...rest } = result as Partial<OcrResult> & { textKey: string };
  const { pages, meanConfidence, lowPages } = rest;
  const text = (await documents.get(textKey)).toString('utf8');
  const firstLine = (text.split('\n').find((line) => line.trim() !== '') ?? '').trim();
  const places = Object.entries(outputs).map(([format, key]) => [format, documents.locate(key)]);
  return {
    ...(pages === undefined ? {} : { pages }),
    ...(meanConfidence === undefined ? {} : { meanConfidence }),
    ...(lowPages === undefined ? {} : { lowPages }),
    firstLine,
    result: documents.locate(textKey),
    outputs: Object.fromEntries(places) as Record<string, string>,
  };
}

/** One line of progress for people. */
export function describeEvent(event: JobEvent, name: string): string {
  switch (event.kind) {
    case 'started':
      return `${name}: started`;
    case 'progress':
      return `${name}: ${event.progress}`;
    case 'retrying':
      return `${name}: failed, will be tried again`;
    case 'done':
      return `${name}: done`;
    case 'dead':
      return `${name}: FAILED: ${event.reason}`;
  }
}

const COLUMNS: Column<DocumentReport>[] = [
  { title: 'DOCUMENT', value: ({ document }) => document },
  { title: 'QUEUE', value: ({ queue }) => queue },
  { title: 'WAIT', align: 'right', value: ({ waitSeconds }) => `${waitSeconds.toFixed(1)}s` },
  {
    title: 'SERVICE',
    align: 'right',
    value: ({ serviceSeconds }) => `${serviceSeconds.toFixed(1)}s`,
  },
  {
    title: 'PAGES',
    align: 'right',
    value: ({ pages }) => (pages === undefined ? '–' : String(pages)),
  },
  {
    title: 'CONF',
    align: 'right',
    value: ({ meanConfidence }) =>
      meanConfidence === undefined ? '–' : `${Math.round(meanConfidence)} %`,
  },
];

/** The reports for people: a table, then each document's first line and where its text lies. */
export function formatReports(reports: readonly DocumentReport[]): string {
  const details = reports.map((report) =>
    report.state === 'dead'
      ? `${report.document}: FAILED: ${report.reason ?? ''}`
      : [`${report.document}: ${headingOf(report)}`, ...detailsOf(report)].join('\n  '),
  );
  return [formatTable(COLUMNS, reports), '', ...details].join('\n');
}

/** What it begins with: written by whoever made the document. */
function headingOf({ firstLine }: DocumentReport): string {
  if (firstLine === undefined) return 'done';
  return firstLine === '' ? '(no text)' : oneLine(firstLine);
}

function detailsOf(report: DocumentReport): string[] {
  const { lowPages = [], result = '', outputs = {}, translation } = report;
  const low = lowPages.length === 0 ? [] : [`to be looked at: page ${lowPages.join(', ')}`];
  const places = [result, ...Object.values(outputs)].filter((place) => place !== '');
  return [...low, ...places.map(shownPlace), ...describeTranslation(translation)];
}
