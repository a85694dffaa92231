// Jobs a second from a preloaded queue: jobs that do nothing, and jobs of 10 ms of CPU.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { measureRounds, ratioRow } from '../harness.mjs';
import { startRedis } from '../redis.mjs';
import { BULLMQ_KINDS, System, hasCelery } from '../systems.mjs';
import { stepsFor } from '../work.mjs';

const NOOP_JOBS = { dsw: 25_000, 'BullMQ in process': 25_000, 'Celery prefork': 3_000 };
const NOOP_JOBS_OF_OTHERS = 10_000;
const CPU_JOBS = 400;
/** A worker runs for months: it is measured when its code is compiled. */
const WARM_UP_JOBS = 10_000;
/** Python compiles nothing while it runs. */
const WARM_UP_JOBS_OF_CELERY = 1000;
/** Without threads it computes on one core alone: nothing to compare two slots with. */
const [IN_PROCESS] = Object.keys(BULLMQ_KINDS);
const rivals = [...Object.keys(BULLMQ_KINDS), ...(hasCelery ? ['Celery prefork'] : [])];

export async function run({ rounds, say }) {
  const redis = await startRedis();
  try {
    const noop = await measureRounds(noopSides(redis), rounds, say);
    const cpu = await measureRounds(cpuSides(redis, stepsFor(10)), rounds, say);
    return { rows: [...noopRows(noop), ...cpuRows(cpu)], measured: { noop, cpu } };
  } finally {
    await redis.stop();
  }
}

function noopSides(redis) {
  const side = (kind) => () =>
    drain(kind, redis, { slots: 4, name: 'noop', jobs: NOOP_JOBS[kind] ?? NOOP_JOBS_OF_OTHERS });
  return Object.fromEntries(['dsw', ...rivals].map((kind) => [kind, side(kind)]));
}

function cpuSides(redis, steps) {
  const side = (kind) => () =>
    drain(
      kind,
      redis,
      { slots: 2, name: 'cpu', jobs: CPU_JOBS, input: { steps } },
      kind === 'Celery prefork' ? WARM_UP_JOBS_OF_CELERY : WARM_UP_JOBS,
    );
  const kinds = ['dsw', ...rivals.filter((rival) => rival !== IN_PROCESS)];
  return {
    'two bare processes': () => bareRate(steps),
    ...Object.fromEntries(kinds.map((kind) => [kind, side(kind)])),
  };
}

async function drain(kind, redis, { slots, name, jobs, input }, warmUp = 0) {
  const system = new System(kind, redis, slots);
  if (warmUp > 0) await system.preload('noop', warmUp);
  await system.preload(name, jobs, input);
  const [, rate] = await Promise.all([system.start(), system.rate(jobs, warmUp)]);
  await system.stop();
  return { rate };
}

async function bareRate(steps) {
  const script = fileURLToPath(new URL('../rivals/bare-process.mjs', import.meta.url));
  const children = [1, 2].map(() => fork(script, [String(CPU_JOBS / 2), String(steps)]));
  await Promise.all(children.map((child) => once(child, 'message')));
  const rates = children.map(async (child) => {
    child.send('go');
    const [rate] = await once(child, 'message');
    return rate;
  });
  return { rate: (await Promise.all(rates)).reduce((sum, rate) => sum + rate) };
}

function noopRows(measured) {
  const wanted = {
    'BullMQ in process': { atLeast: 0.7 },
    'BullMQ sandbox threads': { atLeast: 1.5 },
    'BullMQ sandbox processes': { atLeast: 1.5 },
    'BullMQ + Piscina': undefined,
    'Celery prefork': { atLeast: 5 },
  };
  return Object.entries(wanted).map(([rival, target]) =>
    ratioRow({
      what: 'no-op jobs, 4 slots',
      unit: 'jobs/s',
      rival,
      metric: 'rate',
      measured,
      target,
    }),
  );
}

function cpuRows(measured) {
  const wanted = {
    'two bare processes': { atLeast: 0.87 },
    'BullMQ sandbox threads': { atLeast: 1 },
    'BullMQ sandbox processes': { atLeast: 1 },
    'BullMQ + Piscina': { atLeast: 1 },
    'Celery prefork': { atLeast: 1 },
  };
  return Object.entries(wanted).map(([rival, target]) =>
    ratioRow({
      what: '10 ms CPU jobs, 2 slots',
      unit: 'jobs/s',
      rival,
      metric: 'rate',
      measured,
      target,
    }),
  );
}
