import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { FileStore } from '../../../src/documents/file-store.js';
import { encodePayload } from '../../../src/queues/job-payload.js';
import type { Translation } from '../../../src/tasks/translate/translate-stored.js';
import { Slot } from '../../../src/worker/slot.js';
import type { SlotReply } from '../../../src/worker/slot-messages.js';
import { startHttpServer } from '../../support/http-server.js';
import { taskSettingsFrom } from '../../support/task-settings.js';
import { fileStoreOptions } from '../../support/store-options.js';

const folder = mkdtempSync(`${tmpdir()}/dsw-test-`);
const store = new FileStore(folder);

beforeAll(() => store.put('d1/j1/text.txt', Buffer.from('Rest.\n\nTake 5 mg.\n')));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs one translate job in a slot of its own. */
async function translate(translation: object, input: object): Promise<SlotReply> {
  const slot = new Slot({
    setup: {
      store: fileStoreOptions(folder),
      redisUrl: '',
      prefix: '',
      taskModules: [],
      settings: taskSettingsFrom({ translation }, { DSW_LIBRETRANSLATE_KEY: 'sesame' }),
    },
    programs: { ask: () => Promise.reject(new Error('no program here')) },
    warmTasks: [],
    heapLimitMb: undefined,
  });
  try {
    await slot.start();
    const data = JSON.stringify(
      encodePayload({
        input: { documentId: 'd1', textKey: 'd1/j1/text.txt', from: 'eng', ...input },
      }),
    );
    const { replies } = await slot.run([{ id: 'j2', task: 'translate', data, attempt: 1 }]);
    return replies[0]!;
  } finally {
    await slot.stop();
  }
}

describe('the translate task in a slot', () => {
  it('reads the text, has it translated with the key of the environment, and stores it', async () => {
    const server = await startHttpServer(({ path, body }) =>
      path === '/languages'
        ? { body: [{ code: 'en', name: 'English', targets: ['es'] }] }
        : { body: { translatedText: (body as { q: string[] }).q.map((text) => `¡${text}`) } },
    );
    const reply = await translate({ libreTranslateUrl: server.url }, { to: 'es' });
    expect(reply.outcome).toBe('completed');
    const result = JSON.parse((reply as { value: string }).value) as Translation;
    expect(result).toEqual({
      engine: 'libretranslate',
      from: 'en',
      to: 'es',
      characters: 20,
      paragraphs: 2,
      keptOriginal: [],
      flagged: [],
      textKey: 'd1/j2/text.es.txt',
    });
    expect((await store.get(result.textKey)).toString()).toBe('¡Rest.\n\n¡Take 5 mg.\n');
    expect(server.requests.at(-1)?.body).toMatchObject({ api_key: 'sesame', source: 'en' });
  });

  it('without an engine fails for good and says how to get one', async () => {
    const reply = await translate({}, { to: 'tlh' });
    expect(reply).toMatchObject({ outcome: 'failed', moreTries: 'none' });
    expect((reply as { reason: string }).reason).toMatch(
      /^nothing here translates English into Klingon: set translation.libreTranslateUrl/,
    );
  });

  it('refuses what is no language', async () => {
    const reply = await translate({}, { to: 'no language' });
    expect(reply).toMatchObject({
      outcome: 'failed',
      moreTries: 'none',
      reason: 'expected a language code such as "es" or "spa", got "no language"',
    });
  });
});
