import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createClient, type Client } from '../../src/client/index.js';
import type { OcrResult } from '../../src/tasks/ocr/ocr-output.js';
import { OUTPUT_FORMATS } from '../../src/tasks/ocr/output-formats.js';
import { pdfOf, scanOf, tiffOf, topOf } from '../support/pages.js';
import { useRedis } from '../support/redis.js';
import { WorkerSystem } from '../support/worker-system.js';

const redis = useRedis();

function clientOf(system: WorkerSystem): Client {
  const store = `file:${storeOf(system)}`;
  const client = createClient({ redisUrl: redis.url, prefix: system.prefix, store });
  onTestFinished(() => client.close());
  return client;
}

const storeOf = (system: WorkerSystem): string => join(system.folder, '.dsw', 'documents');
const keysOf = (jobId: string): Promise<string[]> => redis.client.keys(`*${jobId}*`);

it('a document in parts gives byte for byte what it gives in one job', async () => {
  const system = new WorkerSystem(redis);
  const client = clientOf(system);
  system.worker(['--concurrency', '2']);
  const scan = await scanOf(await topOf('lab-report.png', 250));
  const text = { text: ['A text layer that says what is on this page in so many words.'] };
  const pdf = pdfOf([{ scan }, text, { scan, degrees: 90 }]);
  const input = { formats: [...OUTPUT_FORMATS] };
  const single = pdfOf([text]);
  const submissions = [
    await client.submit(pdf, { input }),
    await client.submit(pdf, { input, splitPages: true }),
    await client.submit(single, { splitPages: true }),
  ];
  const ended = [];
  for (const { jobId } of submissions) ended.push(await client.wait(jobId));
  const [whole, parts] = ended.map(({ result }) => result as OcrResult);
  const bytesOf = ({ textKey, outputs }: OcrResult): string[] =>
    [textKey, outputs.hocr, outputs.tsv, outputs.pdf].map((key) =>
      // A PDF says when it was made.
      readFileSync(join(storeOf(system), key!), 'latin1').replaceAll(/\(D:\d{14}/g, '(D:'),
    );
  expect(bytesOf(parts!)).toEqual(bytesOf(whole!));
  const { textKey: _text, outputs: _outputs, ...figures } = whole!;
  expect(parts).toMatchObject({ ...figures, pages: 3, pagesKept: 0 });
  expect(ended.map(({ progress }) => progress)).toEqual([undefined, '3/3 pages', undefined]);
  // Three documents, and the pages of one of them.
  const enqueued = await redis.client.get(system.keyspace.queue('default', 'id'));
  expect(enqueued).toBe('6');
  const [left, leftOfWhole] = [submissions[1]!, submissions[0]!].map(({ jobId, documentId }) =>
    readdirSync(join(storeOf(system), documentId, jobId), { recursive: true }).sort(),
  );
  expect(left).toEqual(leftOfWhole);
  expect(await keysOf(submissions[1]!.jobId)).toHaveLength(1);
});

it('a page that can not be read ends its document as it does in one job', async () => {
  const system = new WorkerSystem(redis, { limits: { maxPixelsPerPage: 1_000_000 } });
  const client = clientOf(system);
  system.worker(['--concurrency', '2']);
  const scan = await scanOf(await topOf('lab-report.png', 250));
  const pdf = pdfOf([
    { text: ['A text layer that says what is on this page'] },
    { scan },
    { scan },
  ]);
  const reasons = [];
  for (const splitPages of [false, true]) {
    const { jobId } = await client.submit(pdf, { splitPages });
    const { state, reason } = await client.wait(jobId);
    expect(state).toBe('dead');
    reasons.push(reason);
    await expect.poll(() => keysOf(jobId)).toHaveLength(1);
  }
  const pixels = '1700 × 2200 pixels at 200 dpi are beyond limits.maxPixelsPerPage (1000000)';
  expect(reasons[0]).toBe(`page 2: ${pixels}`);
  expect(reasons[1]).toMatch(/^page [23]: 1700 × 2200 pixels at 200 dpi are beyond limits/);
});

it('a worker that dies amid the pages costs the pages in its hands, and they are read again', async () => {
  const pages = 12;
  const system = new WorkerSystem(redis, { worker: { leaseSeconds: 1 } });
  const client = clientOf(system);
  const page = await topOf('lab-report.png', 250);
  const scan = await tiffOf(Array<Buffer>(pages).fill(page));
  const { jobId, documentId } = await client.submit(scan, { splitPages: true });
  const shelf = join(storeOf(system), documentId, jobId, 'pages');
  const finished = (): string[] => {
    const names = existsSync(shelf) ? readdirSync(shelf) : [];
    return names.filter((name) => /^\d+\.json$/.test(name));
  };
  const killed = system.worker(['--concurrency', '1']);
  await expect.poll(() => finished().length, { interval: 10 }).toBeGreaterThanOrEqual(2);
  await killed.stop('SIGKILL');
  expect(await client.status(jobId)).toMatchObject({ state: 'running' });
  system.worker(['--concurrency', '2']);
  const { state, result } = await client.wait(jobId);
  expect({ state, result }).toMatchObject({ state: 'done', result: { pages } });
  const { text = '' } = await client.result(jobId);
  const titles = text.split('\f').filter((part) => part.includes('Thornmere Pathology'));
  expect(titles).toHaveLength(pages);
  const events = await redis.client.xrange(system.keyspace.queue('default', 'events'), '-', '+');
  const ofParts = (event: string): number =>
    events.filter(([, fields]) => fields[1] === event && fields[3]?.startsWith(`${jobId}-1-`))
      .length;
  expect(ofParts('completed')).toBe(pages);
  // What the dead worker had in hand, and perhaps at hand, runs again; nothing that had ended does.
  expect(ofParts('stalled')).toBeLessThanOrEqual(2);
  expect(await keysOf(jobId)).toHaveLength(1);
  expect(finished()).toEqual([]);
});
