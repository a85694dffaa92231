// What it costs to measure every job and keep a selection of the measurements in Redis.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { figureRow } from '../harness.mjs';
import { startRedis } from '../redis.mjs';
import { System } from '../systems.mjs';

const JOBS = 20_000;
const NOTES = 200_000;
/** Jobs between two heartbeats at full speed. */
const NOTES_PER_FLUSH = 10_000;

export async function run({ rounds, say }) {
  const redis = await startRedis();
  const { JobSamples } = await importSource('src/queues/job-samples.ts');
  const measured = [];
  try {
    for (let round = 0; round < rounds; round++) {
      const jobMs = 1000 / (await rateOf(redis));
      const noteMs = await costOfNoting(new JobSamples(redis.redis, { samples: 'samples' }));
      measured.push({ jobMs, noteMs, share: (noteMs / jobMs) * 100 });
      say(`  ${round + 1}/${rounds} ${((noteMs / jobMs) * 100).toFixed(2)} % of a no-op job`);
    }
  } finally {
    await redis.stop();
  }
  const values = measured.map(({ share }) => share);
  const what = 'samples of every job, share of a no-op job';
  return { rows: [figureRow({ what, unit: '%', values, target: { atMost: 3 } })], measured };
}

async function rateOf(redis) {
  const system = new System('dsw', redis, 4);
  await system.preload('noop', JOBS);
  const [, rate] = await Promise.all([system.start(), system.rate(JOBS)]);
  await system.stop();
  return rate;
}

async function costOfNoting(samples) {
  const times = { waitSeconds: 0.01, serviceSeconds: 0.002, cpuSeconds: 0.002 };
  const startedAt = performance.now();
  for (let i = 1; i <= NOTES; i++) {
    samples.note({
      task: 'noop',
      queue: 'default',
      ...times,
      memoryMb: 12,
      pages: 1,
      busySlots: 4,
    });
    if (i % NOTES_PER_FLUSH === 0) await samples.flush();
  }
  return (performance.now() - startedAt) / NOTES;
}

/** A module of dsw that is no library entry. */
async function importSource(path) {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const options = {
    absWorkingDir: root,
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  };
  const { outputFiles } = await build({ ...options, entryPoints: [path], packages: 'external' });
  return import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
  );
}
