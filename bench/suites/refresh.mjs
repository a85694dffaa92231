// What one refresh of dsw top costs at 200 workers, four queues and a million waiting jobs: CPU of
// the screen's process (read, judge, draw through Ink), CPU of Redis, and memory over many of them.
import { EventEmitter } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { figureRow } from '../harness.mjs';
import { startRedis } from '../redis.mjs';

const WORKERS = 200;
const SLOTS = 4;
const QUEUES = ['high_priority', 'default', 'low_priority', 'maintenance'];
const WAITING_PER_QUEUE = 250_000;
const REFRESHES = 300;
const SIZE = { columns: 200, rows: 50 };
const PREFIX = '{bench}';

/** Inside the bundle, which only exports what a command needs, these can't be reached. */
const ENTRY = `
export { Keyspace } from './src/queues/keyspace.js';
export { SnapshotReader } from './src/queues/snapshot-reader.js';
export { settingsSchema } from './src/config/settings.js';
export { afterEvent, initialState } from './src/top/state.js';
export { drawScreen } from './src/top/draw-screen.js';
export { Lines } from './src/top/screen.js';
export { FrameStream } from './src/top/frame-stream.js';
export { render } from 'ink';
export { createElement } from 'react';
`;

export async function run({ rounds, say }) {
  const dsw = await loadParts();
  const server = await startRedis();
  try {
    await fill(server.redis);
    const refreshes = await openScreen(dsw, server.redis);
    await refreshes.go(REFRESHES);
    const measured = [];
    for (let round = 0; round < rounds; round++) {
      measured.push(await measure(refreshes, server.redis));
      say(`  ${round + 1}/${rounds} ${JSON.stringify(measured.at(-1))}`);
    }
    refreshes.close();
    const what = `refresh of dsw top, ${WORKERS} workers, a million waiting jobs`;
    const row = (label, unit, metric, target) =>
      figureRow({
        what: `${what}: ${label}`,
        unit,
        values: measured.map((m) => m[metric]),
        target,
      });
    const rows = [
      row('CPU', 'ms', 'cpuMs', { atMost: 50 }),
      row("Redis's CPU", 'ms', 'redisCpuMs'),
      row('heap gained by 300 refreshes', 'MB', 'heapGainedMb', { atMost: 1 }),
    ];
    return { rows, measured };
  } finally {
    await server.stop();
  }
}

async function loadParts() {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const outfile = `${root}dist/bench/refresh.js`;
  await build({
    stdin: { contents: ENTRY, resolveDir: root, loader: 'ts' },
    ...{ outfile, bundle: true, format: 'esm', platform: 'node', packages: 'external' },
    define: { 'process.env.NODE_ENV': '"production"' },
    jsx: 'automatic',
    logLevel: 'warning',
  });
  process.env.NODE_ENV = 'production';
  return import(outfile);
}

/** Lists as long as a million jobs make them; records only of those that a snapshot looks at. */
async function fill(redis) {
  for (const queue of QUEUES) {
    const key = `${PREFIX}:${queue}:`;
    for (let start = 0; start < WAITING_PER_QUEUE; start += 5000) {
      const ids = Array.from({ length: 5000 }, (_, i) => `j${start + i}`);
      await redis.rpush(`${key}wait`, ...ids);
    }
    for (let i = 1; i <= 100; i++) {
      await redis.hset(`${key}j${WAITING_PER_QUEUE - i}`, {
        ...{ name: 'ocr', timestamp: Date.now() - 1000 * i, opts: '{}' },
        data: JSON.stringify({ version: 1, input: { document: 'd1' }, label: `page-${i}.png` }),
      });
    }
  }
  for (let i = 0; i < WORKERS; i++) {
    await redis.hset(
      `${PREFIX}:workers`,
      `worker-${i}`,
      `${Date.now()} ${JSON.stringify(sign(i))}`,
    );
  }
}

function sign(i) {
  const running = Array.from({ length: SLOTS }, (_, slot) => ({
    ...{ id: `j${i}-${slot}`, queue: 'default', task: 'ocr', label: `intake-${i}-${slot}.pdf` },
    ...{ startedAt: Date.now() - 5000, progress: 'page 3/7' },
  }));
  return {
    ...{ id: `worker-${i}`, host: `host-${i}`, pid: i, version: '0.1.0', state: 'running' },
    ...{ queues: QUEUES, slots: SLOTS, busy: SLOTS, running, completed: 100 + i, failed: 1 },
    ...{ recycled: 2, startedAt: Date.now() - 3_600_000, memoryMb: 800.123, memoryLimitMb: 4096 },
    ...{ cpuCores: 1.9, cpuLimitCores: 4, redisRoundTripMs: 0.4, clockSkewMs: 1 },
    ...{ leaseSeconds: 30, drainSeconds: 25, maxTasksPerSlot: 50, isPid1: false },
    heartbeatSeconds: 60,
  };
}

/** The live screen on a terminal that nobody looks at. */
async function openScreen(dsw, redis) {
  const reader = new dsw.SnapshotReader(redis, new dsw.Keyspace('bench'));
  const terminal = Object.assign(new EventEmitter(), { ...SIZE, write: () => true });
  const frames = new dsw.FrameStream(terminal);
  const settings = dsw.settingsSchema.parse({});
  const standards = { policy: settings.scaling.byHand, norms: settings.queueNorms };
  const head = { title: 'dsw top', address: 'redis', standards };
  let state = dsw.initialState(head, Date.now());
  const size = { width: SIZE.columns, height: SIZE.rows };
  const draw = () =>
    dsw.createElement(dsw.Lines, { lines: dsw.drawScreen(state, size), colour: true });
  const app = dsw.render(draw(), { stdout: frames, debug: true, patchConsole: false });
  return {
    async go(count) {
      for (let i = 0; i < count; i++) {
        // Each a second after the last, as on screen.
        const now = state.now + 1000;
        state = dsw.afterEvent(state, { kind: 'snapshot', snapshot: await reader.read(), now });
        app.rerender(draw());
      }
    },
    close: () => app.unmount(),
  };
}

async function measure(refreshes, redis) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  collect();
  const heapBefore = process.memoryUsage().heapUsed;
  const cpuBefore = process.cpuUsage();
  const redisBefore = await redisCpuSeconds(redis);
  await refreshes.go(REFRESHES);
  const { user, system } = process.cpuUsage(cpuBefore);
  const redisAfter = await redisCpuSeconds(redis);
  collect();
  return {
    cpuMs: (user + system) / 1000 / REFRESHES,
    redisCpuMs: ((redisAfter - redisBefore) * 1000) / REFRESHES,
    heapGainedMb: (process.memoryUsage().heapUsed - heapBefore) / 1024 / 1024,
  };
}

async function redisCpuSeconds(redis) {
  const info = await redis.info('cpu');
  const of = (name) => Number(new RegExp(`${name}:([\\d.]+)`).exec(info)?.[1]);
  return of('used_cpu_user') + of('used_cpu_sys');
}
