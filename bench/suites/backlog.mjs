// A backlog of a million jobs, drained once: the worker's memory must not grow with it, nor its pace
// fall.
import { setTimeout as delay } from 'node:timers/promises';
import { figureRow } from '../harness.mjs';
import { startRedis } from '../redis.mjs';
import { System } from '../systems.mjs';

const JOBS = 1_000_000;

export async function run({ say }) {
  const redis = await startRedis();
  try {
    const system = new System('dsw', redis, 4);
    say('  enqueueing a million jobs');
    await system.preload('noop', JOBS);
    await system.start();
    const tenths = [];
    let last = { done: 0, at: performance.now() };
    for (let tenth = 1; tenth <= 10; tenth++) {
      while ((await system.done()) < (JOBS * tenth) / 10) await delay(50);
      const now = { done: await system.done(), at: performance.now() };
      const rate = ((now.done - last.done) / (now.at - last.at)) * 1000;
      tenths.push({ rate, memory: system.memoryMb() });
      say(`  ${tenth}/10: ${Math.round(rate)} jobs/s, ${Math.round(tenths.at(-1).memory)} MB`);
      last = now;
    }
    await system.stop();
    const over = (metric, from, to) => tenths[to - 1][metric] / tenths[from - 1][metric];
    const rows = [
      figureRow({
        what: 'a million jobs: memory at the end over memory at two tenths',
        values: [over('memory', 2, 10)],
        target: { atMost: 1.15 },
      }),
      figureRow({
        what: 'a million jobs: pace of the last tenth over the second',
        values: [over('rate', 2, 10)],
      }),
    ];
    return { rows, measured: { tenths } };
  } finally {
    await redis.stop();
  }
}
