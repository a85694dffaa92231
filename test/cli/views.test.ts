import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../src/config/settings.js';
import { formatReports, type DocumentReport } from '../../src/cli/document-report.js';
import { formatEngines } from '../../src/cli/engine-view.js';
import { describeCounts, formatJobs } from '../../src/cli/job-view.js';
import { formatTable } from '../../src/cli/output.js';
import { formatSchedules } from '../../src/cli/schedule-view.js';
import { formatStatus, statusOf } from '../../src/cli/status-view.js';
import { takePicture } from '../../src/monitor/picture.js';
import type { JobRecord } from '../../src/queues/job-record.js';
import type { SystemSnapshot } from '../../src/planning/snapshot.js';
import {
  queueSnapshot,
  scheduleSnapshot,
  systemSnapshot,
  workerSnapshot,
} from '../support/snapshots.js';

const NOTHING_EXPECTED = { workers: undefined, slots: undefined, plan: undefined };

function status(values: Partial<SystemSnapshot>): string {
  const standards = { settings: settingsSchema.parse({}), expected: NOTHING_EXPECTED };
  return formatStatus(statusOf(takePicture(systemSnapshot(values), standards)));
}

describe('dsw status', () => {
  it('marks what is paused, and repeats no figures of a worker that is lost', () => {
    const text = status({
      queues: [queueSnapshot({ name: 'default', paused: true })],
      workers: [workerSnapshot(), workerSnapshot({ id: 'worker-gone', state: 'lost' })],
    });
    expect(text).toMatch(/^default \(paused\) +0 /m);
    expect(text).toMatch(/^worker-a1b2 +running +0\/4 +512\/8192 MB +10 %/m);
    expect(text).toMatch(/^worker-gone +lost +– +– +–/m);
  });
});

describe('dsw beat list', () => {
  it.each([
    [{ paused: true, overdue: true }, 'paused'],
    [{ clockSetBack: true, overdue: true }, 'clock set back'],
    [{ overdue: true }, 'OVERDUE'],
    [{}, 'done'],
  ])('%j: %s', (values, mark) => {
    const schedule = { ...scheduleSnapshot({ lastResult: 'done', ...values }), nextDueTimes: [] };
    const text = formatSchedules({ at: 0, isPublished: true, schedules: [schedule] }, 10);
    expect(text.split('\n')[1]).toMatch(new RegExp(` ${mark}$`));
  });
});

describe('dsw engines', () => {
  it('counts languages beyond a dozen', () => {
    const languages = Array.from({ length: 15 }, (_, i) => `l${i}`);
    const engine = {
      name: 'tesseract' as const,
      version: '5',
      where: 'here',
      note: 'n',
      problem: undefined,
    };
    const text = formatEngines([{ ...engine, languages }]);
    expect(text).toMatch(/^ {2}languages {2}l0, l1, .*, l11 and 3 more$/m);
    expect(formatEngines([{ ...engine, languages: languages.slice(0, 12) }])).toMatch(/, l11$/m);
  });
});

describe('dsw submit --wait', () => {
  const report: DocumentReport = {
    document: 'a.pdf',
    documentId: 'd1',
    jobId: 'j1',
    queue: 'default',
    state: 'done',
    waitSeconds: 1.25,
    serviceSeconds: 61,
    pages: 3,
    meanConfidence: 71.6,
    lowPages: [1, 3],
    firstLine: 'Dear \u001b[2J Sir',
    result: `${process.cwd()}/.dsw/documents/d1/j1/text.txt`,
    outputs: { pdf: '/elsewhere/searchable.pdf' },
    translation: {
      engine: 'apertium',
      from: 'en',
      to: 'es',
      keptOriginal: [2, 5],
      flagged: [4],
      firstLine: 'Estimado',
      result: 's3://bucket/text.es.txt',
    },
  };

  it('tells what to look at, and where, as seen from here; nothing moves the cursor', () => {
    expect(formatReports([report]).split('\n')).toEqual([
      'DOCUMENT  QUEUE    WAIT  SERVICE  PAGES  CONF',
      'a.pdf     default  1.3s    61.0s      3  72 %',
      '',
      'a.pdf: Dear \ufffd[2J Sir',
      '  to be looked at: page 1, 3',
      '  .dsw/documents/d1/j1/text.txt',
      '  /elsewhere/searchable.pdf',
      '  en > es by apertium: Estimado',
      '  s3://bucket/text.es.txt',
      '  kept in the original, since a number got lost: paragraph 2, 5',
      '  to be looked at, since a name got lost: paragraph 4',
    ]);
  });

  it('says of a document without text, of a task without one, and of a failure what it is', () => {
    const { documentId, jobId, queue, waitSeconds, serviceSeconds } = report;
    const plain = { documentId, jobId, queue, waitSeconds, serviceSeconds };
    const lines = formatReports([
      { ...plain, document: 'empty.png', state: 'done', firstLine: '', result: '/x/text.txt' },
      { ...plain, document: 'own.csv', state: 'done' },
      { ...plain, document: 'bad.png', state: 'dead', reason: 'no such page' },
    ]).split('\n');
    expect(lines.slice(-4)).toEqual([
      'empty.png: (no text)',
      '  /x/text.txt',
      'own.csv: done',
      'bad.png: FAILED: no such page',
    ]);
  });
});

describe('dsw jobs', () => {
  const job: JobRecord = {
    id: 'j1',
    queue: 'default',
    task: 'a_task_with_a_long_name',
    label: 'a.png',
    state: 'dead',
    input: {},
    enqueuedAt: Date.now() - 90_000,
    readyAt: 0,
    startedAt: undefined,
    finishedAt: undefined,
    attemptsMade: 1,
    attempts: 3,
    worker: undefined,
    progress: undefined,
    result: undefined,
    reason: undefined,
    stack: undefined,
  };

  it.each([
    [90, '90s'],
    [150, '3m'],
    [7200, '2h'],
  ])('lists a job of %i s as %s old', (seconds, age) => {
    const lines = formatJobs([{ ...job, enqueuedAt: Date.now() - seconds * 1000 }]).split('\n');
    expect(lines[1]).toBe(`j1   dead   a_task_with…  ${age.padStart(3)}  1/3  a.png`);
  });

  it('counts what an action did to many', () => {
    const counts = { applied: 1204, 'told its worker': 1, running: 2 };
    expect(describeCounts(counts, { kind: 'cancel' }).split('\n')).toEqual([
      '1204 jobs cancelled',
      '1 job running: their workers have been told',
      '2 jobs left alone: they had moved on meanwhile',
    ]);
  });
});

it('a table counts the cells that are seen', () => {
  const columns = [
    { title: 'A', value: (row: string) => row },
    { title: 'B', value: () => 'b' },
  ];
  expect(formatTable(columns, ['\u001b[1mxx\u001b[0m', 'yyy'])).toBe(
    'A    B\n\u001b[1mxx\u001b[0m   b\nyyy  b',
  );
});
