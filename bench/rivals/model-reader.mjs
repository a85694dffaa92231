// One thread that reads pages with one language model: node model-reader.mjs FOLDER GZIP PAGE …
// Prints { rate, memory, texts } as JSON.
import { readFileSync } from 'node:fs';
import { createWorker, OEM, PSM } from 'tesseract.js';

const [folder, gzip, ...pages] = process.argv.slice(2);
const options = { langPath: folder, cacheMethod: 'none', gzip: gzip === 'true' };
const reader = await createWorker('eng', OEM.LSTM_ONLY, options);
// As dsw reads: with page layout.
await reader.setParameters({ tessedit_pageseg_mode: PSM.AUTO });
await reader.recognize(pages[0]);
const texts = [];
// By processor time: what else the machine does makes a page no slower.
const before = process.cpuUsage();
for (const page of pages) texts.push((await reader.recognize(readFileSync(page))).data.text);
const { user, system } = process.cpuUsage(before);
const seconds = (user + system) / 1e6;
const memory = process.memoryUsage().rss / 1024 / 1024;
console.log(JSON.stringify({ rate: pages.length / seconds, memory, texts }));
await reader.terminate();
