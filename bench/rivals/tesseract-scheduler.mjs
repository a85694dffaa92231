// tesseract.js as its manual says: a scheduler with workers, each a thread of its own. Each time it is
// sent pages, it reads them and says how many it read a second.
// Usage: tesseract-scheduler.mjs WORKERS DATA_FOLDER PAGE_SEGMENTATION_MODE
import { createScheduler, createWorker } from 'tesseract.js';

const [workers, langPath, mode] = process.argv.slice(2);
const scheduler = createScheduler();
const options = { langPath, cacheMethod: 'none', gzip: true };
for (let i = 0; i < Number(workers); i++) {
  const worker = await createWorker('eng', 1, options);
  await worker.setParameters({ tessedit_pageseg_mode: mode });
  scheduler.addWorker(worker);
}
process.on('message', async (pages) => {
  const startedAt = performance.now();
  await Promise.all(pages.map((page) => scheduler.addJob('recognize', page)));
  process.send(pages.length / ((performance.now() - startedAt) / 1000));
});
process.send('ready');
