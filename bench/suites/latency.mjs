// Time from before the enqueue to the start of the job, in an idle worker.
import { setTimeout as delay } from 'node:timers/promises';
import { measureRounds, percentile, ratioRow } from '../harness.mjs';
import { startRedis } from '../redis.mjs';
import { System } from '../systems.mjs';

const JOBS = 200;
const GAP_MS = 15;

export async function run({ rounds, say }) {
  const redis = await startRedis();
  const sides = ['dsw', 'BullMQ in process'];
  try {
    const measured = await measureRounds(
      Object.fromEntries(sides.map((kind) => [kind, () => pickUp(kind, redis)])),
      rounds,
      say,
    );
    const rows = ['p50', 'p99'].map((metric) =>
      ratioRow({
        what: `pick-up latency ${metric}`,
        unit: 'ms',
        rival: 'BullMQ in process',
        metric,
        measured,
        target: { atMost: 1 },
      }),
    );
    return { rows, measured };
  } finally {
    await redis.stop();
  }
}

async function pickUp(kind, redis) {
  const system = new System(kind, redis, 2);
  await system.start();
  const sentAt = new Map();
  for (let i = 0; i < JOBS + 20; i++) {
    await delay(GAP_MS * (0.5 + Math.random()));
    const now = performance.timeOrigin + performance.now();
    const { id } = await system.queue.add('stamp', { version: 1, input: {} });
    // The first few warm everything up.
    if (i >= 20) sentAt.set(id, now);
  }
  while ((await system.done()) < JOBS + 20) await delay(5);
  const jobs = await system.queue.getCompleted(0, JOBS + 20);
  const waits = jobs
    .filter(({ id }) => sentAt.has(id))
    .map(({ id, returnvalue }) => returnvalue - sentAt.get(id));
  await system.stop();
  return { p50: percentile(waits, 0.5), p99: percentile(waits, 0.99) };
}
