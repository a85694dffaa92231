// Pages read a second by two slots, and the memory that they hold afterwards.
import { execFile, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { measureRounds, ratioRow } from '../harness.mjs';
import { startRedis } from '../redis.mjs';
import { System, memoryOfTreeMb } from '../systems.mjs';

const SLOTS = 2;
const samples = fileURLToPath(new URL('../../samples/', import.meta.url));
const pages = readdirSync(samples)
  .filter((file) => !/\.(txt|md)$/.test(file))
  .map((file) => join(samples, file));
const hasNative = spawnSync('tesseract', ['--version']).status === 0;

export async function run({ rounds, say }) {
  const redis = await startRedis();
  const sides = {
    dsw: () => readWithDsw(redis),
    'tesseract.js scheduler': readWithScheduler,
    ...(hasNative && { 'native tesseract': readNatively }),
  };
  try {
    const measured = await measureRounds(sides, rounds, say);
    const scheduler = { rival: 'tesseract.js scheduler', measured };
    const rows = [
      {
        what: 'OCR, 2 slots',
        unit: 'pages/s',
        metric: 'rate',
        target: { atLeast: 1.05 },
        ...scheduler,
      },
      {
        what: 'OCR, 2 slots, memory',
        unit: 'MB',
        metric: 'memory',
        target: { atMost: 1 },
        ...scheduler,
      },
      {
        what: 'OCR, 2 slots',
        unit: 'pages/s',
        metric: 'rate',
        rival: 'native tesseract',
        measured,
      },
    ];
    return { rows: rows.map(ratioRow), measured };
  } finally {
    await redis.stop();
  }
}

async function readWithDsw(redis) {
  const system = new System('dsw', redis, SLOTS, { warmTasks: ['ocr'] });
  await system.start();
  const jobs = pages.map((page, i) => {
    const folder = join(system.folder, '.dsw', 'documents', `d${i}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'source'), readFileSync(page));
    return { name: 'ocr', data: { version: 1, input: { documentId: `d${i}`, languages: 'eng' } } };
  });
  const startedAt = performance.now();
  await system.queue.addBulk(jobs);
  while ((await system.done()) < pages.length) await delay(10);
  const rate = pages.length / ((performance.now() - startedAt) / 1000);
  const memory = system.memoryMb();
  await system.stop();
  return { rate, memory };
}

async function readWithScheduler() {
  const script = fileURLToPath(new URL('../rivals/tesseract-scheduler.mjs', import.meta.url));
  const data = dirname(
    createRequire(import.meta.url).resolve('@tesseract.js-data/eng/package.json'),
  );
  const child = fork(script, [String(SLOTS), join(data, '4.0.0_best_int'), ...pages]);
  await once(child, 'message');
  child.send('go');
  const [rate] = await once(child, 'message');
  const memory = memoryOfTreeMb(child.pid);
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  return { rate, memory };
}

async function readNatively() {
  const left = [...pages];
  const env = { ...process.env, OMP_THREAD_LIMIT: '1' };
  const slot = async () => {
    for (let page = left.shift(); page; page = left.shift())
      await promisify(execFile)('tesseract', [page, '-'], { env });
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: SLOTS }, slot));
  return { rate: pages.length / ((performance.now() - startedAt) / 1000) };
}
