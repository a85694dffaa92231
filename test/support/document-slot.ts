import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { documentKeys } from '../../src/documents/document-store.js';
import { FileStore } from '../../src/documents/file-store.js';
import { encodePayload } from '../../src/queues/job-payload.js';
import { Slot } from '../../src/worker/slot.js';
import type { SlotJob, SlotReply } from '../../src/worker/slot-messages.js';
import { fileStoreOptions } from './store-options.js';
import { taskSettingsFrom } from './task-settings.js';

/** A slot with a document store of its own, to have documents read in. */
export class DocumentSlot {
  readonly #folder = mkdtempSync(`${tmpdir()}/dsw-test-`);
  readonly store = new FileStore(this.#folder);
  readonly slot: Slot;
  jobs = 0;

  /** @param settings what stands in dsw.yaml. */
  constructor(settings: object = {}) {
    this.slot = new Slot({
      setup: {
        store: fileStoreOptions(this.#folder),
        redisUrl: '',
        prefix: '',
        taskModules: [],
        settings: taskSettingsFrom(settings),
      },
      programs: { ask: () => Promise.reject(new Error('no program here')) },
      warmTasks: ['ocr'],
      heapLimitMb: undefined,
    });
  }

  async stop(): Promise<void> {
    await this.slot.stop();
    rmSync(this.#folder, { recursive: true });
  }

  async run(job: SlotJob): Promise<SlotReply> {
    const { replies } = await this.slot.run([job]);
    return replies[0]!;
  }

  /** @param input what an `ocr` job is told beside the document. */
  async ocr(bytes: Buffer, input: object = {}): Promise<SlotReply> {
    const number = ++this.jobs;
    const documentId = `d${number}`;
    await this.store.put(documentKeys.source(documentId), bytes);
    const data = JSON.stringify(encodePayload({ input: { documentId, ...input } }));
    return await this.run({ id: `j${number}`, task: 'ocr', data, attempt: 1 });
  }

  /** Erases what was stored of the last document. */
  async forget(): Promise<void> {
    await this.store.remove(documentKeys.all(`d${this.jobs}`));
  }
}
