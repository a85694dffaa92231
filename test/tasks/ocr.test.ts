import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentKeys } from '../../src/documents/document-store.js';
import { FileStore } from '../../src/documents/file-store.js';
import { encodePayload } from '../../src/queues/job-payload.js';
import type { OcrResult } from '../../src/tasks/ocr/ocr-task.js';
import { Slot } from '../../src/worker/slot.js';
import type { SlotJob, SlotReply } from '../../src/worker/slot-messages.js';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { taskSettingsFrom } from '../support/task-settings.js';
import { characterErrorRate, sampleBytes, sampleTruth } from '../support/samples.js';
import { fileStoreOptions } from '../support/store-options.js';

// Clean pages must be read almost perfectly; worn ones as well as their wear allows. The limits
// leave room for another machine's rounding, not for another page segmentation: that costs tens.
const LIMITS: [sample: string, errorRate: number][] = [
  ['referral-letter.png', 0.015],
  ['lab-report.png', 0.015],
  ['patient-leaflet.png', 0.01],
  ['appointment-letter.png', 0.02],
  ['discharge-summary.png', 0.05],
  ['copied-reply.jpg', 0.03],
  ['prescription-note.jpg', 0.05],
  ['invoice-photo.jpg', 0.06],
  ['registration-form.webp', 0.04],
  ['reminder-slip.bmp', 0.06],
];

const folder = mkdtempSync(`${tmpdir()}/dsw-test-`);
const store = new FileStore(folder);
const slot = new Slot({
  setup: {
    store: fileStoreOptions(folder),
    redisUrl: '',
    prefix: '',
    taskModules: [],
    settings: taskSettingsFrom(),
  },
  programs: { ask: () => Promise.reject(new Error('no program here')) },
  warmTasks: ['ocr'],
  heapLimitMb: undefined,
});
let jobs = 0;

beforeAll(() => slot.start());
afterAll(async () => {
  await slot.stop();
  rmSync(folder, { recursive: true });
});

async function run(job: SlotJob): Promise<SlotReply> {
  const { replies } = await slot.run([job]);
  return replies[0]!;
}

async function ocr(bytes: Buffer, languages = 'eng'): Promise<SlotReply> {
  const documentId = `d${++jobs}`;
  await store.put(documentKeys.source(documentId), bytes);
  const data = JSON.stringify(encodePayload({ input: { documentId, languages } }));
  return await run({ id: `j${jobs}`, task: 'ocr', data, attempt: 1 });
}

describe('the ocr task in a slot', () => {
  it.each(LIMITS)('reads %s with at most %f wrong characters', async (sample, limit) => {
    const reply = await ocr(sampleBytes(sample));
    expect(reply.outcome).toBe('completed');
    const result = JSON.parse((reply as { value: string }).value) as OcrResult;
    const text = (await store.get(result.textKey)).toString();
    expect(characterErrorRate(text, sampleTruth(sample))).toBeLessThan(limit);
    expect(result).toMatchObject({ pages: 1, characters: text.length });
    expect(result.meanConfidence).toBeGreaterThan(75);
  });

  it('refuses what it cannot read, for good, and goes on', async () => {
    const png = sampleBytes('lab-report.png');
    const scrambled = Buffer.from(png);
    scrambled.fill(0x55, 200, scrambled.length - 200);
    for (const bytes of [png.subarray(0, 5000), scrambled, Buffer.from('not an image')]) {
      expect(await ocr(bytes)).toMatchObject({ outcome: 'failed', recoverable: false });
    }
    expect(await ocr(png)).toMatchObject({ outcome: 'completed' });
  });

  it('names the package of a language that is not there', async () => {
    const reply = await ocr(sampleBytes('reminder-slip.bmp'), 'eng+xyz');
    expect(reply).toMatchObject({
      outcome: 'failed',
      recoverable: false,
      reason: 'no data for language "xyz": npm install @tesseract.js-data/xyz',
    });
  });

  it('dead-letters an input that fails the schema, naming the field', async () => {
    const data = JSON.stringify(encodePayload({ input: { documentId: 7 } }));
    const reply = await run({ id: 'j', task: 'ocr', data, attempt: 1 });
    expect(reply).toMatchObject({ outcome: 'failed', recoverable: false });
    expect((reply as { reason: string }).reason).toMatch(/^input\.documentId: /);
  });

  it('names the tasks it knows when asked for another', async () => {
    const data = JSON.stringify(encodePayload({ input: {} }));
    const reply = await run({ id: 'j', task: 'oct', data, attempt: 1 });
    expect((reply as { reason: string }).reason).toMatch(
      /no task named "oct"; known: ocr, translate, cleanup_old_files/,
    );
  });
});
