import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { OcrResult } from '../../src/tasks/ocr/ocr-output.js';
import { slowPdf } from '../fixtures/bad-documents.js';
import { tiffOf, topOf } from '../support/pages.js';
import { useRedis } from '../support/redis.js';
import { WorkerSystem } from '../support/worker-system.js';

const redis = useRedis();
const PAGES = 14;

it('a document goes on after its last finished page: killed, drained, then read to its end', async () => {
  const system = new WorkerSystem(redis, { worker: { leaseSeconds: 1, drainSeconds: 0 } });
  const page = await topOf('lab-report.png', 250);
  writeFileSync(join(system.folder, 'scan.tif'), await tiffOf(Array<Buffer>(PAGES).fill(page)));
  const { stdout } = await system.dsw('submit', 'scan.tif', '--json');
  const [{ jobId, documentId }] = JSON.parse(stdout) as [{ jobId: string; documentId: string }];
  const shelf = join(system.folder, '.dsw', 'documents', documentId, jobId, 'pages');
  /** Finished pages, with when each was written. */
  const finished = (): Map<string, number> => {
    const names = existsSync(shelf) ? readdirSync(shelf) : [];
    const pages = names.filter((name) => /^\d+\.json$/.test(name)).sort();
    return new Map(pages.map((name) => [name, statSync(join(shelf, name)).mtimeMs]));
  };
  const reaches = async (count: number): Promise<void> => {
    await expect
      .poll(() => finished().size, { timeout: 60_000, interval: 10 })
      .toBeGreaterThanOrEqual(count);
  };

  const killed = system.worker(['--concurrency', '1']);
  await reaches(2);
  await killed.stop('SIGKILL');
  const afterKill = finished();
  expect(afterKill.size).toBeLessThan(PAGES);

  const drained = system.worker(['--concurrency', '1']);
  await reaches(afterKill.size + 2);
  expect((await drained.stop('SIGTERM')).code).toBe(0);
  const afterDrain = finished();
  expect(afterDrain.size).toBeLessThan(PAGES);
  expect([...afterDrain]).toEqual(expect.arrayContaining([...afterKill]));
  expect(await system.record(jobId)).toMatchObject({ state: 'waiting', attemptsMade: 0 });

  system.worker(['--concurrency', '1']);
  await expect
    .poll(async () => (await system.record(jobId)).state, { timeout: 60_000 })
    .toBe('done');
  const result = (await system.record(jobId)).result as OcrResult;
  expect(result).toMatchObject({ pages: PAGES, pagesKept: afterDrain.size });
  const text = readFileSync(join(system.folder, '.dsw', 'documents', result.textKey), 'utf8');
  expect(text.split('\f').map((part) => part.includes('Thornmere Pathology'))).toEqual(
    Array(PAGES).fill(true),
  );
  expect(existsSync(shelf) ? readdirSync(shelf) : []).toEqual([]);
}, 120_000);

it('a page that takes too long is given up with its document, at once and for good', async () => {
  const limits = { secondsPerPage: 2 };
  const system = new WorkerSystem(redis, { limits });
  writeFileSync(join(system.folder, 'slow\n\u001b[31m\u202enäme.pdf'), slowPdf());
  system.worker(['--concurrency', '1']);
  const names = readdirSync(system.folder).filter((name) => name.endsWith('.pdf'));
  const { code, stdout, stderr } = await system.dsw('submit', ...names, '--wait', '--json');
  expect(code).toBe(1);
  const [report] = JSON.parse(stdout) as { jobId: string }[];
  expect(report).toMatchObject({
    document: 'slow\ufffd\ufffd[31m\ufffdnäme.pdf',
    state: 'dead',
    reason: 'page 1 took longer than limits.secondsPerPage (2 s)',
  });
  expect(stderr).not.toMatch(/[\u001b\u202e]/u);
  expect(await system.record(report!.jobId)).toMatchObject({ state: 'dead', attemptsMade: 1 });
}, 120_000);
