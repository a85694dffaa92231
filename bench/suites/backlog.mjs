// A backlog, of a million jobs unless told otherwise, drained once: the worker's memory must not grow
// with what it has done.
import { setTimeout as delay } from 'node:timers/promises';
import { figureRow } from '../harness.mjs';
import { startRedis } from '../redis.mjs';
import { System } from '../systems.mjs';

const TENTHS = 10;
/** A slot's heap goes up and down by 20 MB between two of V8's full collections. */
const MOST_GROWTH = 1.15;
/** In front of the backlog: by then V8 has made the heaps as large as it wants them. */
const WARM_UP_JOBS = 80_000;

export async function run({ jobs, say }) {
  const redis = await startRedis();
  try {
    const system = new System('dsw', redis, 4);
    say(`  enqueueing ${jobs} jobs`);
    await system.preload('noop', WARM_UP_JOBS + jobs);
    await system.start();
    const reach = async (count) => {
      while ((await system.done()) < count) await delay(50);
      return { done: await system.done(), at: performance.now() };
    };
    const tenths = [];
    let last = await reach(WARM_UP_JOBS);
    for (let tenth = 1; tenth <= TENTHS; tenth++) {
      const now = await reach(WARM_UP_JOBS + (jobs * tenth) / TENTHS);
      const rate = ((now.done - last.done) / (now.at - last.at)) * 1000;
      tenths.push({ rate, memory: system.memoryMb() });
      say(
        `  ${tenth}/${TENTHS}: ${Math.round(rate)} jobs/s, ${Math.round(tenths.at(-1).memory)} MB`,
      );
      last = now;
    }
    await system.stop();
    return { rows: rowsOf(jobs, tenths), measured: { tenths } };
  } finally {
    await redis.stop();
  }
}

/** By the first three tenths of the drain and the last three. */
function rowsOf(jobs, tenths) {
  const mean = (metric, from, to) => {
    const some = tenths.slice(from, to).map((tenth) => tenth[metric]);
    return some.reduce((sum, value) => sum + value) / some.length;
  };
  const growth = (metric) => mean(metric, 7, 10) / mean(metric, 0, 3);
  const what = `backlog of ${jobs} jobs: last third over first`;
  const memory = { unit: '(memory)', values: [growth('memory')], target: { atMost: MOST_GROWTH } };
  const pace = { unit: '(jobs/s)', values: [growth('rate')] };
  return [figureRow({ what, ...memory }), figureRow({ what, ...pace })];
}
