// What one refresh of dsw top costs at 200 workers, four queues and a million waiting jobs: CPU of
// the screen's process (read, judge, draw through Ink), CPU of Redis, and memory over many of them.
import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundleOptions } from '../../scripts/bundle-options.mjs';
import { figureRow } from '../harness.mjs';
import { startRedis } from '../redis.mjs';

const WORKERS = 200;
const SLOTS = 4;
const QUEUES = ['high_priority', 'default', 'low_priority', 'maintenance'];
const WAITING_PER_QUEUE = 250_000;
const REFRESHES = 300;
const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 200, rows: 50 },
];
const PREFIX = '{bench}';

/** Parts of the product, bundled as it ships, where they can be reached. */
const ENTRY = `
export { Keyspace } from './src/queues/keyspace.js';
export { SnapshotReader } from './src/queues/snapshot-reader.js';
export { settingsSchema } from './src/config/settings.js';
export { Screen } from './src/top/screen.js';
export { FrameStream } from './src/top/frame-stream.js';
export { render } from 'ink';
export { createElement } from 'react';
`;

export async function run({ rounds, say }) {
  const dsw = await loadParts();
  const server = await startRedis();
  try {
    await fill(server.redis);
    const rows = [];
    const measured = {};
    for (const size of SIZES) {
      const name = `${size.columns} × ${size.rows}`;
      measured[name] = await measureSize(dsw, server.redis, size, rounds);
      say(`  ${name}: ${JSON.stringify(measured[name].at(-1))}`);
      const row = (what, unit, metric, target) => {
        const values = measured[name].map((figures) => figures[metric]);
        return figureRow({ what: `dsw top, ${name}: ${what}`, unit, values, target });
      };
      rows.push(row('CPU of a refresh', 'ms', 'cpuMs', { atMost: 50 }));
      rows.push(row('Redis CPU of a refresh', 'ms', 'redisCpuMs'));
      rows.push(row(`heap gained in ${REFRESHES}`, 'MB', 'heapGainedMb', { atMost: 1 }));
    }
    return { rows, measured };
  } finally {
    await server.stop();
  }
}

async function measureSize(dsw, redis, size, rounds) {
  const refreshes = await openScreen(dsw, redis, size);
  await refreshes.go(REFRESHES);
  const measured = [];
  for (let round = 0; round < rounds; round++) measured.push(await measure(refreshes, redis));
  refreshes.close();
  return measured;
}

async function loadParts() {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const outdir = `${root}dist/bench`;
  await build({
    ...bundleOptions,
    stdin: { contents: ENTRY, resolveDir: root, loader: 'ts' },
    outdir,
  });
  return import(`${outdir}/stdin.js`);
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

/** A keyboard that nobody touches. */
const stdin = Object.assign(new EventEmitter(), {
  isTTY: true,
  setRawMode: () => undefined,
  setEncoding: () => undefined,
  ref: () => undefined,
  unref: () => undefined,
  read: () => null,
});

/** The live screen on a terminal that nobody looks at. */
async function openScreen(dsw, redis, { columns, rows }) {
  const reader = new dsw.SnapshotReader(redis, new dsw.Keyspace('bench'));
  let frames = 0;
  const terminal = Object.assign(new EventEmitter(), {
    columns,
    rows,
    write: () => (frames += 1) > 0,
  });
  const stdout = new dsw.FrameStream(terminal);
  const expected = { workers: undefined, slots: undefined, plan: undefined };
  const listeners = [];
  const screen = dsw.createElement(dsw.Screen, {
    frames: stdout,
    title: 'dsw top',
    address: 'redis',
    standards: { settings: dsw.settingsSchema.parse({}), expected },
    subscribe: (listener) => listeners.push(listener),
    act: async () => '',
    colour: true,
  });
  const app = dsw.render(screen, { stdout, stdin, patchConsole: false });
  await delay(100);
  return {
    async go(count) {
      for (let i = 0; i < count; i++) {
        const before = frames;
        const snapshot = await reader.read();
        for (const tell of listeners) tell({ snapshot });
        while (frames === before) await delay(0);
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
