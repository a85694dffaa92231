// Memory of one slot more, for a task that needs next to none.
import { setTimeout as delay } from 'node:timers/promises';
import { figureRow, measureRounds, ratioRow } from '../harness.mjs';
import { startRedis } from '../redis.mjs';
import { System, hasCelery } from '../systems.mjs';

const [FEW, MANY] = [1, 8];

export async function run({ rounds, say }) {
  const redis = await startRedis();
  const rivals = ['BullMQ sandbox threads', 'BullMQ sandbox processes', 'BullMQ + Piscina'];
  if (hasCelery) rivals.push('Celery prefork');
  try {
    const side = (kind) => [kind, () => perSlot(kind, redis)];
    const measured = await measureRounds(
      Object.fromEntries(['dsw', ...rivals].map(side)),
      rounds,
      say,
      rivals,
    );
    const what = 'memory per slot more';
    const own = figureRow({
      what,
      unit: 'MB',
      values: measured.dsw.map(({ slot }) => slot),
      target: { atMost: 7 },
    });
    const rows = rivals.map((rival) =>
      ratioRow({ what, unit: 'MB', rival, metric: 'slot', measured }),
    );
    return { rows: [own, ...rows], measured };
  } finally {
    await redis.stop();
  }
}

async function perSlot(kind, redis) {
  const few = await held(kind, redis, FEW);
  const many = await held(kind, redis, MANY);
  return { slot: (many - few) / (MANY - FEW), few, many };
}

async function held(kind, redis, slots) {
  const jobs = 400;
  const system = new System(kind, redis, slots);
  await system.start();
  await system.preload('noop', jobs);
  while ((await system.done(jobs)) < jobs) await delay(20);
  await delay(500);
  const memoryMb = system.memoryMb();
  await system.stop();
  return memoryMb;
}
