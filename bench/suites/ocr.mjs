// Pages read a second by two slots that are warm, and the memory that they hold afterwards. All sides
// read the same files with the same language data, to text alone; what comes before a page differs: dsw
// puts it upright, the others read it as it lies.
import { execFile, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { measureRounds, ratioRow } from '../harness.mjs';
import { startRedis } from '../redis.mjs';
import { System, cpuSecondsOfTree, memoryOfTreeMb } from '../systems.mjs';

const SLOTS = 2;
/** Page segmentation as Tesseract's own program does it, and tesseract.js unless told. */
const [WITH_LAYOUT, ONE_BLOCK] = ['3', '6'];
const RIVALS = {
  'tesseract.js scheduler': WITH_LAYOUT,
  'tesseract.js, no page layout': ONE_BLOCK,
};
const FOR_INFORMATION = ['tesseract.js, no page layout', 'native tesseract'];
const samples = fileURLToPath(new URL('../../samples/', import.meta.url));
const pages = readdirSync(samples)
  .filter((file) => !/\.(txt|md)$/.test(file))
  .map((file) => join(samples, file));
/** A worker runs for months: it is measured when its code is compiled. */
const warmUp = pages.slice(0, 2 * SLOTS);
const data = join(
  dirname(createRequire(import.meta.url).resolve('@tesseract.js-data/eng/package.json')),
  '4.0.0_best_int',
);
const hasNative = spawnSync('tesseract', ['--version']).status === 0;

export async function run({ rounds, say }) {
  const redis = await startRedis();
  const folder = mkdtempSync(join(tmpdir(), 'dsw-bench-'));
  const packed = readFileSync(join(data, 'eng.traineddata.gz'));
  writeFileSync(join(folder, 'eng.traineddata'), gunzipSync(packed));
  const scheduler = ([name, mode]) => [name, () => readWithScheduler(mode)];
  const sides = {
    dsw: () => readWithDsw(redis),
    ...Object.fromEntries(Object.entries(RIVALS).map(scheduler)),
    ...(hasNative && { 'native tesseract': () => readNatively(folder) }),
  };
  try {
    const measured = await measureRounds(sides, rounds, say, FOR_INFORMATION);
    return { rows: rowsOf(measured), measured };
  } finally {
    rmSync(folder, { recursive: true });
    await redis.stop();
  }
}

function rowsOf(measured) {
  const rate = { what: 'OCR, 2 slots', unit: 'pages/s', metric: 'rate', measured };
  const memory = { what: 'OCR, 2 slots, memory', unit: 'MB', metric: 'memory', measured };
  const cpu = { what: 'OCR, CPU of a page', unit: 's', metric: 'cpu', measured };
  const [scheduler, withoutLayout] = Object.keys(RIVALS);
  return [
    ratioRow({ ...rate, rival: scheduler, target: { atLeast: 1.05 } }),
    ratioRow({ ...memory, rival: scheduler, target: { atMost: 1 } }),
    ratioRow({ ...cpu, rival: scheduler }),
    ratioRow({ ...rate, rival: withoutLayout }),
    ratioRow({ ...memory, rival: withoutLayout }),
    ratioRow({ ...rate, rival: 'native tesseract' }),
  ];
}

async function readWithDsw(redis) {
  const system = new System('dsw', redis, SLOTS, { warmTasks: ['ocr'] });
  await system.start();
  await readDocuments(system, warmUp, 0);
  const used = cpuSecondsOfTree(system.child.pid);
  const rate = await readDocuments(system, pages, warmUp.length);
  const cpu = (cpuSecondsOfTree(system.child.pid) - used) / pages.length;
  const memory = system.memoryMb();
  await system.stop();
  return { rate, cpu, memory };
}

/** @param before documents that were read before. @returns pages a second. */
async function readDocuments(system, files, before) {
  const jobs = files.map((file, i) => {
    const documentId = `d${before + i}`;
    const folder = join(system.folder, '.dsw', 'documents', documentId);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'source'), readFileSync(file));
    return { name: 'ocr', data: { version: 1, input: { documentId, languages: 'eng' } } };
  });
  const startedAt = performance.now();
  await system.queue.addBulk(jobs);
  while ((await system.done()) < before + files.length) await delay(10);
  return files.length / ((performance.now() - startedAt) / 1000);
}

async function readWithScheduler(mode) {
  const script = fileURLToPath(new URL('../rivals/tesseract-scheduler.mjs', import.meta.url));
  const child = fork(script, [String(SLOTS), data, mode]);
  await once(child, 'message');
  const read = async (files) => {
    child.send(files);
    return (await once(child, 'message'))[0];
  };
  await read(warmUp);
  const used = cpuSecondsOfTree(child.pid);
  const rate = await read(pages);
  const cpu = (cpuSecondsOfTree(child.pid) - used) / pages.length;
  const memory = memoryOfTreeMb(child.pid);
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  return { rate, cpu, memory };
}

async function readNatively(dataFolder) {
  const left = [...pages];
  const env = { ...process.env, OMP_THREAD_LIMIT: '1' };
  const flags = ['--tessdata-dir', dataFolder, '--oem', '1', '--psm', WITH_LAYOUT];
  const slot = async () => {
    for (let page = left.shift(); page; page = left.shift())
      await promisify(execFile)('tesseract', [page, '-', ...flags], { env });
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: SLOTS }, slot));
  return { rate: pages.length / ((performance.now() - startedAt) / 1000) };
}
