// The language models that are here, side by side over the samples: pages a second of one core,
// characters read wrongly (mean over the pages), memory of the process.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createJiti } from 'jiti';
import { figureRow, measureRounds, ratioRow } from '../harness.mjs';

const DEFAULT = '4.0.0_best_int';
const reader = fileURLToPath(new URL('../rivals/model-reader.mjs', import.meta.url));
const samples = fileURLToPath(new URL('../../samples/', import.meta.url));
const pages = readdirSync(samples).filter((file) => /\.(png|jpg|webp|bmp)$/.test(file));
const packaged = dirname(
  createRequire(import.meta.url).resolve('@tesseract.js-data/eng/package.json'),
);
const models = {
  [DEFAULT]: { folder: join(packaged, DEFAULT), gzip: true },
  '4.0.0': { folder: join(packaged, '4.0.0'), gzip: true },
  'Debian’s fast': { folder: '/usr/share/tesseract-ocr/5/tessdata', gzip: false },
};

export async function run({ rounds, say }) {
  const { characterErrorRate, sampleTruth } = await createJiti(import.meta.url).import(
    '../../test/support/samples.ts',
  );
  const there = Object.entries(models).filter(([, { folder }]) => existsSync(folder));
  const sides = Object.fromEntries(
    there.map(([name, { folder, gzip }]) => [
      name,
      async () => {
        const files = pages.map((page) => join(samples, page));
        const args = [reader, folder, String(gzip), ...files];
        const { stdout } = await promisify(execFile)(process.execPath, args);
        const { rate, memory, texts } = JSON.parse(stdout);
        const errors = texts.map((text, i) => characterErrorRate(text, sampleTruth(pages[i])));
        return { rate, memory, errors: (100 * errors.reduce((a, b) => a + b)) / errors.length };
      },
    ]),
  );
  const measured = await measureRounds(sides, rounds, say);
  const values = (name, metric) => measured[name].map((round) => round[metric]);
  const rows = there.flatMap(([name]) => [
    figureRow({ what: `${name}: wrong characters`, unit: '%', values: values(name, 'errors') }),
    figureRow({ what: `${name}: memory`, unit: 'MB', values: values(name, 'memory') }),
  ]);
  const others = there.map(([name]) => name).filter((name) => name !== DEFAULT);
  const speeds = others.map((rival) => ({ what: DEFAULT, unit: 'pages/s', ours: DEFAULT, rival }));
  for (const speed of speeds) rows.push(ratioRow({ ...speed, metric: 'rate', measured }));
  return { rows, measured };
}
