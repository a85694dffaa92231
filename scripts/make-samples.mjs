// Makes every page of samples/ and its ground truth: `npm run samples`.
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { wearDown } from './samples/degrade.mjs';
import { drawPage } from './samples/draw.mjs';
import { encode } from './samples/encode.mjs';
import { pages } from './samples/pages.mjs';
import { randomFor } from './samples/random.mjs';

const folder = fileURLToPath(new URL('../samples/', import.meta.url));

async function makeSample(page) {
  const random = randomFor(page.name);
  const { image, text } = drawPage(page, random);
  const scan = wearDown(image, page.wear, random);
  const bytes = await encode(scan, page);
  await writeFile(path.join(folder, `${page.name}.${page.format}`), bytes);
  await writeFile(path.join(folder, `${page.name}.txt`), text);
  return bytes.length;
}

await mkdir(folder, { recursive: true });
for (const page of pages) {
  const size = await makeSample(page);
  process.stdout.write(`${page.name}.${page.format}  ${Math.ceil(size / 1024)} kB\n`);
}
