// tesseract.js as its manual says: a scheduler with workers, each a thread of its own. Told to go, it
// reads the pages and says how many it read a second. Usage: tesseract-scheduler.mjs WORKERS DATA PAGE …
import { createScheduler, createWorker } from 'tesseract.js';

const [workers, langPath, ...pages] = process.argv.slice(2);
const scheduler = createScheduler();
const options = { langPath, cacheMethod: 'none', gzip: true };
for (let i = 0; i < Number(workers); i++)
  scheduler.addWorker(await createWorker('eng', 1, options));
process.on('message', async () => {
  const startedAt = performance.now();
  await Promise.all(pages.map((page) => scheduler.addJob('recognize', page)));
  process.send(pages.length / ((performance.now() - startedAt) / 1000));
});
process.send('ready');
