// A BullMQ worker that runs its jobs: in this process, in BullMQ's sandbox, or in Piscina's threads.
// Usage: bullmq-worker.mjs in-process|threads|processes|piscina SLOTS REDIS_URL PREFIX
import { fileURLToPath } from 'node:url';
import { Worker } from 'bullmq';
import { Piscina } from 'piscina';
import { runJob } from '../work.mjs';

const [kind, slots, redisUrl, prefix] = process.argv.slice(2);
const concurrency = Number(slots);
const sandboxed = fileURLToPath(new URL('bullmq-processor.mjs', import.meta.url));

function processor() {
  if (kind === 'in-process') return (job) => Promise.resolve(runJob(job.name, job.data.input));
  if (kind !== 'piscina') return sandboxed;
  const filename = fileURLToPath(new URL('piscina-task.mjs', import.meta.url));
  const pool = new Piscina({
    filename,
    minThreads: concurrency,
    maxThreads: concurrency,
    idleTimeout: Infinity,
  });
  return (job) => pool.run({ name: job.name, input: job.data.input });
}

const worker = new Worker('default', processor(), {
  connection: { url: redisUrl, maxRetriesPerRequest: null },
  prefix,
  concurrency,
  useWorkerThreads: kind === 'threads',
});
await worker.waitUntilReady();
console.log('ready');
process.once('SIGTERM', () => process.exit(0));
